import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { startRedis, type RedisServer } from '../../../embedded/redis/start-redis.js';
import { createRealtime } from '../../../src/realtime/server.js';
import { createRedis, type Redis } from '../../../src/storage/redis.js';
import { quietLogger } from '../../support/loggers.js';
import { until } from '../../support/until.js';

/** Less than any command waits for Redis; timers of one process fire in their order, however busy the machine is. Milliseconds. */
const LATE = 1_000;

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.stop());

/** Whether all of them end before it is late. */
async function endSoon(clients: Redis[]): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), LATE)));
  const ended = Promise.all(clients.map((client) => client.status === 'end' || once(client, 'end')));
  const inTime = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  await ended;
  return inTime;
}

/** A client for sockets, and every client that is made of it. */
function socketsClient(): { client: Redis; all: Redis[] } {
  const client = createRedis(server.url, 'sockets', quietLogger);
  const all = [client];
  const duplicate = client.duplicate.bind(client);
  client.duplicate = ((...options: Parameters<Redis['duplicate']>) => {
    const copy = duplicate(...options);
    all.push(copy);
    return copy;
  }) as Redis['duplicate'];
  return { client, all };
}

it('sockets that close leave no client behind, even when Redis is suspended', async () => {
  const control = createRedis(server.url, 'worker', quietLogger);
  const { client, all } = socketsClient();
  const realtime = createRealtime(client, quietLogger);
  await until(async () => {
    const list = String(await control.client('LIST'));
    return list.includes('cmd=xread') && list.includes('cmd=subscribe');
  });
  control.disconnect();
  await server.kill('SIGSTOP');
  await realtime.close();
  client.disconnect();
  expect(await endSoon(all)).toBe(true);
  expect(all.length).toBeGreaterThan(2);
  await server.kill('SIGCONT');
});
