import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { redisSpec } from '../../../embedded/launcher/specs.js';
import { startStack, type Stack } from '../../../embedded/launcher/stack.js';
import { ask, cleanUp, fakeEntries, isAlive, startFakes, temporaryFolder } from './support.js';
import { until } from '../../support/until.js';

afterEach(cleanUp);

const pidsOf = (stack: Pick<Stack, 'names' | 'pid'>): number[] => stack.names().map((name) => stack.pid(name) ?? 0);
const readData = (dataDir: string, file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(dataDir, file), 'utf8')) as Record<string, unknown>;

describe('starting', () => {
  it('gives the hub what it needs, and everybody else what is theirs', async () => {
    const dataDir = temporaryFolder();
    const stack = await startFakes({ dataDir, env: { SWEEP: 'off' } });
    const { env } = await ask(stack.urls.hub);
    const { messenger } = stack.secrets;
    expect(env).toMatchObject({
      ...{ ROLE: 'all', DEMO: 'true', NODE_ENV: 'development', SWEEP: 'off', DATA_DIR: dataDir },
      ...{ PUBLIC_URL: stack.urls.hub, MONGODB_URI: stack.urls.mongodb, REDIS_URL: stack.urls.redis },
      ...{ META_APP_SECRET: messenger.appSecret, GRAPH_BASE_URL: stack.urls.sandbox },
      META_ATTACHMENT_HOSTS: new URL(stack.urls.sandbox ?? '').host,
    });
    expect(env['JWT_SECRET']).toHaveLength(64);
    expect(env['ENCRYPTION_KEY']).toMatch(/^[0-9a-f]{64}$/);
    expect(stack.urls.mongodb).toMatch(
      /^mongodb:\/\/switchboard:[0-9a-f]{32}@%2F[\w%.-]+store\.sock\/switchboard\?authSource=admin$/,
    );
    expect(stack.urls.redis).toMatch(/^redis:\/\/:[0-9a-f]{32}@127\.0\.0\.1:\d+$/);
    const sandbox = await ask(stack.urls.sandbox ?? '');
    expect(sandbox.args).toContain(`${stack.urls.hub}/webhooks/messenger`);
    expect(sandbox.env['SANDBOX_APP_SECRET']).toBe(messenger.appSecret);
    expect(sandbox.env['JWT_SECRET']).toBeUndefined();
  });

  it('shows no secret to those who can list the processes of this machine', async () => {
    const dataDir = temporaryFolder();
    const { secrets, ...stack } = await startFakes({ dataDir });
    const seen = readData(dataDir, 'seed-arguments.json') as unknown as string[];
    const lines = [...pidsOf(stack), process.pid].map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    // Redis covers its arguments as soon as it runs.
    const { args } = redisSpec({ dataDir, entries: fakeEntries, secrets }, 1);
    const { appId: _appId, pageId: _pageId, ...messenger } = secrets.messenger;
    const all = [...lines, ...seen, ...args].join('\n');
    expect(all).toContain('fake-program');
    for (const secret of Object.values({ ...secrets, messenger: '', ...messenger }).filter(Boolean))
      expect(all).not.toContain(secret);
  });

  it('makes only those secrets that are missing', async () => {
    const dataDir = temporaryFolder();
    const old = { jwtSecret: 'kept from an older version', encryptionKey: 'a1'.repeat(32) };
    writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify(old));
    const { secrets } = await startFakes({ dataDir, sandbox: false, seed: false });
    expect(secrets).toMatchObject(old);
    expect(secrets.storePassword).toHaveLength(32);
    expect(readData(dataDir, 'secrets.json')).toEqual(secrets);
  });

  it('writes what scripts need where only we can read it', async () => {
    const dataDir = temporaryFolder();
    const { urls, secrets } = await startFakes({ dataDir });
    expect(readData(dataDir, 'demo.json')).toEqual({
      url: urls.hub,
      users: [{ role: 'admin', email: 'a@b.c', password: 'p' }],
      inboxes: [],
      messenger: {
        pageId: secrets.messenger.pageId,
        appSecret: secrets.messenger.appSecret,
        verifyToken: secrets.messenger.verifyToken,
      },
      sandboxUrl: urls.sandbox,
      mongodbUri: urls.mongodb,
      redisUrl: urls.redis,
    });
    for (const file of ['demo.json', 'secrets.json']) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
  });

  it('keeps secrets and addresses over a restart, and forgets all when fresh', async () => {
    const dataDir = temporaryFolder();
    const first = await startFakes({ dataDir });
    await first.stop();
    const second = await startFakes({ dataDir });
    expect(second.urls).toEqual(first.urls);
    expect(second.secrets).toEqual(first.secrets);
    await second.stop();
    writeFileSync(join(dataDir, 'store-like'), 'data');
    const fresh = await startFakes({ dataDir, fresh: true });
    expect(fresh.secrets).not.toEqual(first.secrets);
    expect(existsSync(join(dataDir, 'store-like'))).toBe(false);
  });

  it('runs separate processes for separate roles', async () => {
    const stack = await startFakes({ roles: ['api', 'api', 'worker', 'worker'], sandbox: false, seed: false });
    expect(stack.names()).toEqual(expect.arrayContaining(['api', 'api-2', 'worker', 'worker-2']));
    expect(stack.urls.apis).toHaveLength(2);
    const answers = await Promise.all(stack.urls.apis.map((url) => ask(url)));
    expect(answers.map(({ env }) => env['ROLE'])).toEqual(['api', 'api']);
    expect(answers.map(({ env }) => env['PUBLIC_URL'])).toEqual([stack.urls.hub, stack.urls.hub]);
  });

  it('uses a store and a Redis that are given', async () => {
    const given = { mongodbUri: 'mongodb://elsewhere/x', redisUrl: 'redis://elsewhere' };
    const stack = await startFakes({ ...given, seed: false });
    expect(stack.names().sort()).toEqual(['hub', 'sandbox']);
    expect((await ask(stack.urls.hub)).env).toMatchObject({
      MONGODB_URI: given.mongodbUri,
      REDIS_URL: given.redisUrl,
    });
  });
});

describe('a start that fails', () => {
  it.each(['hub', 'store', 'sandbox', 'seed'])('repeats the last words of the %s and leaves nothing', async (name) => {
    const dataDir = temporaryFolder();
    const before = process.env;
    process.env = { ...before, [`FAKE_${name.toUpperCase()}`]: 'refuses' };
    try {
      await expect(startStack({ dataDir, entries: fakeEntries })).rejects.toThrow(
        new RegExp(`${name} ended .*JWT_SECRET: must be at least 32 characters`, 's'),
      );
    } finally {
      process.env = before;
    }
    expect(existsSync(join(dataDir, 'launcher.lock'))).toBe(false);
    await startFakes({ dataDir });
  });

  it('says so when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startStack({ dataDir: temporaryFolder(), port, entries: fakeEntries })).rejects.toThrow(
      `Port ${port} is taken. Choose another one with --port <number>.`,
    );
    other.close();
  });

  it('ends when it is given up', async () => {
    const dataDir = temporaryFolder();
    const abort = new AbortController();
    const starting = startStack({
      dataDir,
      entries: fakeEntries,
      env: { FAKE_HUB: 'is never ready' },
      signal: abort.signal,
    });
    await until(
      'the hub runs',
      () => existsSync(join(dataDir, 'logs/hub.log')) && statSync(join(dataDir, 'logs/hub.log')).size > 0,
    );
    abort.abort();
    await expect(starting).rejects.toThrow('hub');
    expect(existsSync(join(dataDir, 'launcher.lock'))).toBe(false);
  });
});

describe('a process that dies', () => {
  it.each(['hub', 'store', 'redis', 'sandbox'])('%s: is replaced at once under the same address', async (name) => {
    const said: string[] = [];
    const stack = await startFakes({ log: (line) => said.push(line) });
    const others = stack.names().filter((other) => other !== name);
    const before = new Map(stack.names().map((other) => [other, stack.pid(other)]));
    await stack.kill(name);
    const info = await stack.ready(name);
    expect(stack.pid(name)).not.toBe(before.get(name));
    for (const other of others) expect(stack.pid(other)).toBe(before.get(other));
    if (name === 'store') expect(stack.urls.mongodb).toContain(new URL(String(info['uri'])).host);
    if (name === 'hub') expect((await ask(stack.urls.hub)).pid).toBe(stack.pid('hub'));
    expect(said).toEqual([`${name} was ended by SIGKILL; starting it again`, `${name} is back`]);
  });

  it('is replaced when it ends by itself, with its reason, and later each time', async () => {
    const said: string[] = [];
    const stack = await startFakes({ log: (line) => said.push(line), sandbox: false });
    for (let death = 1; death <= 3; death += 1) {
      await ask(stack.urls.hub, '/die').catch(() => undefined);
      await until('it was started again', () => stack.starts('hub') === death + 1);
      await stack.ready('hub');
    }
    expect(said.filter((line) => line.includes('ended')).map((line) => line.replace(/\(.*\)/, '()'))).toEqual([
      'hub ended with code 7 (); starting it again',
      'hub ended with code 7 (); starting it again in 250 ms',
      'hub ended with code 7 (); starting it again in 500 ms',
    ]);
  });

  it('gets other variables for its next life', async () => {
    const stack = await startFakes({ sandbox: false, seed: false });
    await stack.restart('hub', { env: { CRASH_AT: 'afterCommit:1:/tmp/x' } });
    expect((await ask(stack.urls.hub)).env['CRASH_AT']).toBe('afterCommit:1:/tmp/x');
    await stack.restart('hub', { signal: 'SIGTERM' });
    expect((await ask(stack.urls.hub)).env['CRASH_AT']).toBeUndefined();
  });

  it('can be suspended and resumed', async () => {
    const stack = await startFakes({ sandbox: false, seed: false });
    const pid = stack.pid('hub');
    await stack.kill('hub', 'SIGSTOP');
    const answer = ask(stack.urls.hub);
    const silent = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300, 'silent'))]);
    expect(silent).toBe('silent');
    await stack.kill('hub', 'SIGCONT');
    expect((await answer).pid).toBe(pid);
  });

  it('Redis comes back empty', async () => {
    const stack = await startFakes({ sandbox: false, seed: false });
    const client = new Redis(stack.urls.redis, { maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.set('key', 'value');
    await stack.wipeRedis();
    expect(await client.get('key')).toBeNull();
    client.disconnect();
  });
});

describe('stopping', () => {
  it('asks who asks before who answers, also when suspended, and leaves no process', async () => {
    const dataDir = temporaryFolder();
    const stack = await startFakes({ dataDir });
    const pids = pidsOf(stack);
    await stack.kill('store', 'SIGSTOP');
    await stack.kill('hub', 'SIGSTOP');
    await stack.stop();
    expect(readFileSync(join(dataDir, 'events.log'), 'utf8').trim().split('\n')).toEqual([
      'ran seed',
      'asked hub',
      'asked sandbox',
      'asked store',
    ]);
    expect(pids.filter(isAlive)).toEqual([]);
    await expect(stack.ready('hub')).rejects.toThrow('hub was stopped.');
  });

  it('kills who does not listen when it is told to hurry', async () => {
    const stack = await startFakes({ env: { FAKE_HUB: 'ignores SIGTERM' }, sandbox: false, seed: false });
    const pids = pidsOf(stack);
    const stopped = stack.stop();
    stack.forceStop();
    await stopped;
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
