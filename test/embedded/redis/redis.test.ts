import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, RedisMissingError } from '../../../embedded/redis/redis-program.js';
import { startRedis, type RedisServer } from '../../../embedded/redis/start-redis.js';

let dir: string;
let server: RedisServer;
let client: Redis;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'redis-test-'));
  server = await startRedis({ dir });
  client = new Redis(server.url, { maxRetriesPerRequest: null });
  client.on('error', () => undefined);
});

afterEach(async () => {
  if (client.status !== 'end') client.disconnect();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('our own Redis', () => {
  it('has the settings that queues need, and keeps nothing', async () => {
    const setting = async (name: string): Promise<unknown> =>
      ((await client.config('GET', name)) as [string, string])[1];
    expect(await setting('hz')).toBe('100');
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(await setting('appendonly')).toBe('no');
    expect(await setting('save')).toBe('');
    await client.set('key', 'value');
    await client.quit();
    await server.stop();
    expect(readdirSync(dir)).toEqual(['redis.log']);
  });

  it('answers this machine alone, and nobody without the password', async () => {
    expect(await client.config('GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    const stranger = new Redis(server.port, '127.0.0.1', { lazyConnect: true, retryStrategy: null });
    stranger.on('error', () => undefined);
    await expect(stranger.get('key')).rejects.toThrow(/NOAUTH|closed/);
    stranger.disconnect();
  });

  it('comes back empty under the same address', async () => {
    const { pid } = server;
    await client.set('key', 'value');
    await server.wipe();
    expect(server.pid).not.toBe(pid);
    expect(await client.get('key')).toBeNull();
  });

  it('keeps its data through a suspension', async () => {
    await client.set('key', 'value');
    await server.kill('SIGSTOP');
    const answer = client.get('key');
    await server.kill('SIGCONT');
    expect(await answer).toBe('value');
  });
});

describe('finding it', () => {
  it('says what to type where there is none', () => {
    expect(() => findRedis('/nonexistent')).toThrow(RedisMissingError);
    expect(() => findRedis('/nonexistent')).toThrow('apt-get install redis-server');
  });
});
