import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { loadChannels } from '../../../channels/registry.js';
import { EnvError, loadEnv } from '../../../src/env.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const example = parseEnv(read('.env.example')) as Record<string, string>;
const channels = [...(await loadChannels()).values()];

/** What `src/env.ts` and the channels read. */
const known = [
  ...[...read('src/env.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name ?? ''),
  ...channels.flatMap(({ envSchema }) => (envSchema instanceof z.ZodObject ? Object.keys(envSchema.shape) : [])),
];

describe('.env.example', () => {
  it('names every setting there is, what docker compose needs besides, and no other', () => {
    expect(known.length).toBeGreaterThan(15);
    const needed = [...read('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+):\?/g)].map(([, name]) => name ?? '');
    expect(Object.keys(example).sort()).toEqual([...new Set([...known, ...needed])].sort());
  });

  it('explains every setting by a comment above it or above its group', () => {
    for (const block of read('.env.example').trim().split(/\n\n+/)) expect(block).toMatch(/^#/);
  });

  it('is accepted as it is in development, and its secrets refused in production', () => {
    expect(loadEnv(channels, { ...example, NODE_ENV: 'development' })).toMatchObject({ ROLE: 'all', PORT: 3000 });
    const refusal = (): unknown => loadEnv(channels, example);
    expect(refusal).toThrow(EnvError);
    expect(refusal).toThrow(/JWT_SECRET: is still the example[^]*ENCRYPTION_KEY: is still the example/);
  });

  it('is accepted in production once the secrets are made', () => {
    const made = { JWT_SECRET: '5d'.repeat(32), ENCRYPTION_KEY: 'a1'.repeat(32) };
    expect(loadEnv(channels, { ...example, ...made }).NODE_ENV).toBe('production');
  });
});

describe('docker-compose.yml', () => {
  const compose = read('docker-compose.yml');

  it('gives the hub settings that exist', () => {
    const hub = compose.slice(compose.indexOf('x-hub:'), compose.indexOf('x-api:'));
    const names = [...hub.matchAll(/^ {4}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('takes from .env only what .env.example explains', () => {
    const names = new Set([...compose.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => name ?? ''));
    expect([...names].filter((name) => !(name in example))).toEqual([]);
  });

  it('has no secret of its own', () => {
    for (const name of [
      'JWT_SECRET',
      'ENCRYPTION_KEY',
      'S3_SECRET_ACCESS_KEY',
      'MINIO_ROOT_PASSWORD',
      'MONGO_INITDB_ROOT_PASSWORD',
      'REDISCLI_AUTH',
    ]) {
      const values = [...compose.matchAll(new RegExp(`${name}: (.+)`, 'g'))].map(([, value]) => value ?? '');
      expect([name, values]).toEqual([name, [expect.stringMatching(/^\$\{\w+:\?/)]]);
    }
  });

  it('lets nobody into the database and Redis without the password', () => {
    // MongoDB asks for a log-in when it has a key file.
    expect(compose).toMatch(/mongod --replSet rs0 --keyFile /);
    expect(compose).toMatch(/MONGODB_URI: mongodb:\/\/switchboard:\$\{MONGODB_PASSWORD:\?[^}]+\}@/);
    expect(compose).toMatch(/^ +requirepass \$\$REDISCLI_AUTH$/m);
    expect(compose).toMatch(/REDIS_URL: redis:\/\/:\$\{REDIS_PASSWORD:\?[^}]+\}@/);
  });
});
