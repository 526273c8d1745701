import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Manager } from 'socket.io-client';
import { AuditEventModel, ContactIdentityModel, MessageModel, UserModel } from '../../../src/models/index.js';
import type { Ack } from '../../../src/shared/schemas/error.js';
import { TIMING } from '../../../src/shared/limits.js';
import { createLimits } from '../../../src/storage/rate-limits.js';
import { createRedis } from '../../../src/storage/redis.js';
import { hashPassword } from '../../../src/utils/password.js';
import { APP } from '../../support/start-hub.js';
import { Peer } from './support/peer.js';
import { holdTimers } from './support/timers.js';
import { until } from '../../support/until.js';
import { World, type Member } from './support/world.js';

const LIMITS = {
  TRUST_PROXY: 'true',
  RATE_LIMIT_VISITOR_MESSAGES: '4',
  RATE_LIMIT_VISITOR_TYPING: '6',
  RATE_LIMIT_VISITOR_SYNC: '8',
  RATE_LIMIT_VISITOR_OTHER: '10',
  RATE_LIMIT_STAFF_MESSAGES: '4',
  RATE_LIMIT_STAFF_OTHER: '10',
  RATE_LIMIT_ADDRESS_FACTOR: '2',
  RATE_LIMIT_NEW_CONTACTS: '3',
  RATE_LIMIT_PAGES: '5',
  RATE_LIMIT_BAD_WEBHOOKS: '5',
  RATE_LIMIT_WEBHOOK_VERIFY: '3',
  SOCKETS_PER_ADDRESS: '3',
  SOCKETS_PER_VISITOR: '2',
};

let world: World;
let anna: Member;
let shop: { id: string; key: string };

beforeAll(async () => {
  world = await World.start(LIMITS);
  anna = await world.member('admin', 'Anna Ahrens');
  shop = await world.webInbox([anna]);
});
afterAll(() => world.stop());

/** Every test comes from addresses of its own. */
let hosts = 0;
const newAddress = (): string => `192.0.2.${(hosts += 1)}`;

const connect = async (namespace: '/agent' | '/customer', options: { token?: string; address: string }) => {
  const peer = await Peer.connect(world.url, namespace, options);
  world.closeLater(() => peer.close());
  return peer;
};

const codes = async (peer: Peer, times: number, event: string, input: () => object): Promise<(string | null)[]> => {
  const found: (string | null)[] = [];
  for (let n = 0; n < times; n += 1) found.push(await peer.refusal(event, input()));
  return found;
};

const passed = (found: (string | null)[]): number => found.filter((code) => code === null).length;

describe('a visitor', () => {
  it('has a rate for each kind of act, told with the seconds to wait, on all sockets together', async () => {
    const visitor = await world.visitor(shop.key);
    const address = newAddress();
    const peer = await connect('/customer', { token: visitor.token, address });
    const told = await codes(peer, 9, 'sync', () => ({ conversationId: null, rev: 0 }));
    expect([passed(told), told.at(-1)]).toEqual([8, 'RATE_LIMITED']);
    const typed = await codes(peer, 7, 'customer_typing', () => ({ isTyping: true }));
    expect([passed(typed), typed.at(-1)]).toEqual([6, 'RATE_LIMITED']);
    expect(passed(await codes(peer, 3, 'customer_message', () => ({ text: 'one of four' })))).toBe(3);

    const second = await connect('/customer', { token: visitor.token, address: newAddress() });
    const acks: Ack<unknown>[] = [];
    for (let n = 0; n < 2; n += 1) acks.push(await second.call('customer_message', { text: 'one of four' }));
    expect(acks).toEqual([
      expect.objectContaining({ ok: true }),
      { ok: false, error: { code: 'RATE_LIMITED', message: expect.any(String), retryAfter: expect.any(Number) } },
    ]);
    const { error } = acks[1] as { error: { retryAfter: number } };
    expect(error.retryAfter).toBeGreaterThan(0);
    expect(error.retryAfter).toBeLessThanOrEqual(60);
    expect(await MessageModel.countDocuments({ text: 'one of four' })).toBe(4);
    const other = await connect('/customer', { token: (await world.visitor(shop.key)).token, address });
    expect(await other.refusal('customer_message', { text: 'somebody else' })).toBeNull();
  });

  it('pays for nonsense too', async () => {
    const peer = await connect('/customer', { token: (await world.visitor(shop.key)).token, address: newAddress() });
    const found = await codes(peer, 11, 'no_such_event', () => ({}));
    expect([found[0], found.filter((code) => code === 'UNKNOWN_EVENT').length]).toEqual(['UNKNOWN_EVENT', 10]);
    expect(found.at(-1)).toBe('RATE_LIMITED');
  });

  it('shares the rate of the address with others there', async () => {
    const address = newAddress();
    let stored = 0;
    for (let n = 0; n < 3; n += 1) {
      const peer = await connect('/customer', { token: (await world.visitor(shop.key)).token, address });
      stored += passed(await codes(peer, 4, 'customer_message', () => ({ text: 'from one house' })));
    }
    expect(stored).toBe(8);
  });

  it('has a number of sockets', async () => {
    const { token } = await world.visitor(shop.key);
    await connect('/customer', { token, address: newAddress() });
    await connect('/customer', { token, address: newAddress() });
    await expect(connect('/customer', { token, address: newAddress() })).rejects.toThrow('Too many');
  });
});

it('a member of the team has one rate for what they send by socket and by HTTP', async () => {
  const { conversation } = await world.write(await world.visitor(shop.key), 'hello');
  const conversationId = String(conversation._id);
  const peer = await connect('/agent', { token: anna.accessToken, address: newAddress() });
  const note = () => ({ conversationId, text: 'a note', note: true, clientMessageId: randomUUID() });
  expect(passed(await codes(peer, 2, 'send_message', note))).toBe(2);
  const post = async () => {
    const { conversationId: id, ...body } = note();
    const answer = await fetch(`${world.url}/api/conversations/${id}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${anna.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await answer.text();
    return answer;
  };
  expect([(await post()).status, (await post()).status]).toEqual([200, 200]);
  const over = await post();
  expect(over.status).toBe(429);
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await peer.refusal('send_message', note())).toBe('RATE_LIMITED');
});

describe('passwords over a socket', () => {
  const PASSWORD = 'correct horse battery';
  /** Somebody who can log in with PASSWORD. */
  const account = async (): Promise<string> => {
    const { user } = await world.member('agent', 'Grace Hopper');
    await UserModel.updateOne({ _id: user.id }, { $set: { passwordHash: await hashPassword(PASSWORD) } });
    return user.email;
  };
  /** The refusals of as many tries, each from a socket of its own; null: logged in. */
  const tries = async (times: number, input: { email: string; password: string }, address: string) => {
    const found: (string | null)[] = [];
    for (let n = 0; n < times; n += 1) {
      const peer = await Peer.connect(world.url, '/agent', { address });
      found.push(await peer.refusal('authenticate', input));
      peer.close();
    }
    return found;
  };
  const post = async (input: { email: string; password: string }, address: string): Promise<number> => {
    const answer = await fetch(`${world.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify(input),
    });
    await answer.text();
    return answer.status;
  };

  it('are tried so often for an account from an address, by socket and HTTP together, and each failure is noted', async () => {
    const email = await account();
    const [right, wrong] = [
      { email, password: PASSWORD },
      { email, password: 'wrong password' },
    ];
    const [address, other] = [newAddress(), newAddress()];
    const before = await AuditEventModel.countDocuments({ type: 'login.failed' });
    expect(await tries(3, wrong, address)).toEqual(Array(3).fill('UNAUTHENTICATED'));
    expect([await post(wrong, address), await post(wrong, address)]).toEqual([401, 401]);
    expect(await AuditEventModel.countDocuments({ type: 'login.failed' })).toBe(before + 5);

    const peer = await connect('/agent', { address });
    const refused = (await peer.call('authenticate', right)) as { error: { code: string; retryAfter: number } };
    expect(refused.error.code).toBe('RATE_LIMITED');
    expect(refused.error.retryAfter).toBeGreaterThan(800);
    expect(await peer.refusal('sync_list', { view: { kind: 'mine' }, rows: [] })).toBe('UNAUTHENTICATED');
    expect([await post(right, address), ...(await tries(1, right, other))]).toEqual([429, null]);
  });

  it('that strangers try from ten addresses lock nobody out who logged in from theirs before', async () => {
    const email = await account();
    const [right, wrong] = [
      { email, password: PASSWORD },
      { email, password: 'wrong password' },
    ];
    const known = newAddress();
    expect(await tries(1, right, known)).toEqual([null]);
    const strangers = Array.from({ length: 9 }, newAddress);
    const byHttp = await Promise.all(
      strangers.flatMap((address) => Array.from({ length: 5 }, () => post(wrong, address))),
    );
    expect(new Set(byHttp)).toEqual(new Set([401]));
    expect(await tries(5, wrong, newAddress())).toEqual(Array(5).fill('UNAUTHENTICATED'));
    expect(await tries(1, right, newAddress())).toEqual(['RATE_LIMITED']);
    expect(await tries(1, right, known)).toEqual([null]);
  });
});

describe('tokens over a socket', () => {
  /** A connection that asks for its namespace again and again. @returns the server's words to each token. */
  const knock = async (namespace: string, times: number, address: string): Promise<string[]> => {
    const extraHeaders = { 'x-forwarded-for': address };
    const settings = { reconnection: false, transports: ['websocket'], autoConnect: false, extraHeaders };
    const manager = new Manager(world.url, settings);
    world.closeLater(() => manager.engine.close());
    await new Promise<void>((resolve, reject) => manager.open((error) => (error ? reject(error) : resolve())));
    const words: string[] = [];
    manager.engine.on('data', (data) => {
      if (String(data).startsWith(`4${namespace},`)) words.push(String(data));
    });
    for (let n = 0; n < times; n += 1) {
      manager.engine.write(`0${namespace},{"token":"made up"}`);
      await until(() => words.length > n);
    }
    return words;
  };

  it.each([
    ['/agent', () => Promise.resolve(anna.accessToken)],
    ['/customer', () => world.visitor(shop.key).then(({ token }) => token)],
  ] as const)('are tried so often at the door of %s by an address, genuine ones too', async (namespace, genuine) => {
    const address = newAddress();
    const words = await knock(namespace, 21, address);
    expect(words.map((word) => word.includes('Too many tries'))).toEqual([...Array<boolean>(20).fill(false), true]);
    expect(words[0]).toContain('has e');
    const token = await genuine();
    await expect(connect(namespace, { token, address })).rejects.toThrow('Too many tries');
    await connect(namespace, { token, address: newAddress() });
  });

  it.each([
    ['/agent', 'authenticate', () => ({ token: 'made up' }), 'UNAUTHENTICATED'],
    ['/customer', 'customer_connect', () => ({ inboxKey: 'made up' }), 'NOT_FOUND'],
  ] as const)('are tried so often inside %s by a socket, and by an address', async (namespace, event, input, code) => {
    const address = newAddress();
    const found: (string | null)[][] = [];
    for (let socket = 0; socket < 2; socket += 1)
      found.push(await codes(await connect(namespace, { address }), 11, event, input));
    // The doors have counted for the address, too.
    const passes = (times: number) => [
      ...Array<string>(times).fill(code),
      ...Array<string>(11 - times).fill('RATE_LIMITED'),
    ];
    expect(found).toEqual([passes(10), passes(8)]);
  });
});

it('strangers are counted where a contact is made, whatever token leads there', async () => {
  const elsewhere = await world.webInbox([anna]);
  const foreign = (await world.visitor(elsewhere.key)).token;
  const own = (await world.visitor(shop.key)).token;
  const address = newAddress();
  const before = await ContactIdentityModel.countDocuments();
  const peer = await connect('/customer', { address });
  const found = await codes(peer, 2, 'customer_connect', () => ({ inboxKey: shop.key, token: foreign }));
  const open = async (token?: string): Promise<number> => {
    const answer = await fetch(`${world.url}/api/widget/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ inboxKey: shop.key, ...(token === undefined ? {} : { token }) }),
    });
    await answer.text();
    return answer.status;
  };
  expect([passed(found), await open(), await open(foreign)]).toEqual([2, 200, 429]);
  expect(await peer.refusal('customer_connect', { inboxKey: shop.key, token: foreign })).toBe('RATE_LIMITED');
  expect(await ContactIdentityModel.countDocuments()).toBe(before + 3);
  expect([await open(own), await peer.refusal('customer_connect', { inboxKey: shop.key, token: own })]).toEqual([
    200,
    null,
  ]);
});

describe('a connection', () => {
  it('is refused where an address has as many as it may, until one closes', async () => {
    const address = newAddress();
    const [first] = await Promise.all([1, 2, 3].map(() => connect('/customer', { address })));
    await expect(connect('/agent', { address })).rejects.toThrow();
    first?.close();
    await until(async () => (await connect('/agent', { address }).catch(() => null)) !== null);
  });

  it('is ended when it asks for the default namespace', async () => {
    const peer = new Peer(world.url, '/', { address: newAddress() });
    world.closeLater(() => peer.close());
    const refusal = new Promise<Error>((resolve) => peer.socket.once('connect_error', resolve));
    const engine = new Promise<string>((resolve) => peer.socket.io.once('close', resolve));
    expect((await refusal).message).toBe('Connect to /agent or /customer.');
    await engine;
  });

  it('is ended when it is in no namespace for a while', async () => {
    const timers = holdTimers(TIMING.joinWithin);
    const open = async () => {
      const manager = new Manager(world.url, { reconnection: false, transports: ['websocket'], autoConnect: false });
      world.closeLater(() => manager.engine.close());
      const said: string[] = [];
      const ended = new Promise((resolve) => manager.once('close', resolve));
      await new Promise<void>((resolve, reject) => manager.open((error) => (error ? reject(error) : resolve())));
      manager.engine.on('data', (data) => said.push(String(data)));
      return { manager, said, ended };
    };
    try {
      const [silent, leaver] = [await open(), await open()];
      leaver.manager.engine.write('0/customer,');
      await until(() => leaver.said.some((packet) => packet.startsWith('0/customer,')));
      leaver.manager.engine.write('1/customer,');
      await until(() => timers.count() === 2);
      timers.fire();
      await Promise.all([silent.ended, leaver.ended]);
    } finally {
      timers.restore();
    }
  });
});

describe('without a log-in, an address', () => {
  const get = async (path: string, address: string): Promise<number> => {
    const answer = await fetch(world.url + path, { headers: { 'x-forwarded-for': address } });
    await answer.text();
    return answer.status;
  };

  it('may ask for so many pages and files', async () => {
    const [address, other] = [newAddress(), newAddress()];
    const statuses: number[] = [];
    for (const path of ['/', '/favicon.ico', '/files/x', '/api/docs', '/api/nowhere', '/'])
      statuses.push(await get(path, address));
    expect(statuses.slice(0, 5)).not.toContain(429);
    expect(statuses.at(-1)).toBe(429);
    expect(await get('/livez', address)).toBe(200);
    expect(await get('/api/docs', other)).toBe(200);
  });

  it('may try so many verify tokens', async () => {
    const address = newAddress();
    const query = (token: string) => `/webhooks/messenger?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${token}`;
    expect(await get(query(APP.verifyToken), address)).toBe(200);
    expect([await get(query('a'), address), await get(query('b'), address)]).toEqual([403, 403]);
    expect(await get(query(APP.verifyToken), address)).toBe(429);
  });

  it('may send so many forged webhooks, and any number of genuine ones', async () => {
    const statuses: number[] = [];
    const forge = async (): Promise<number> => {
      const answer = await fetch(`${world.url}/webhooks/messenger`, {
        method: 'POST',
        headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
        body: '{}',
      });
      await answer.text();
      return answer.status;
    };
    for (let n = 0; n < 7; n += 1) statuses.push(await forge());
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    for (let n = 0; n < 7; n += 1) await world.webhook('4711', { message: { mid: `m_${n}`, text: 'genuine' } });
  });
});

it('processes tell each other of what was taken, without anybody waiting for it', async () => {
  const { logger } = world.hub.hub;
  const clients = [1, 2].map(() => createRedis(world.hub.redisUrl, 'producer', logger));
  const [one, other] = clients.map((client) => createLimits(client, logger));
  if (one === undefined || other === undefined) throw new Error('nobody counts');
  const policy = { name: 'shared', points: 50, seconds: 60 };
  await until(() => clients.every(({ status }) => status === 'ready'));
  for (let n = 0; n < 40; n += 1) await one.take(policy, 'a');
  await other.take(policy, 'b');
  let taken = 0;
  const takeOne = (): Promise<boolean> =>
    other.take(policy, 'a').then(
      () => ((taken += 1), false),
      ({ retryAfterSeconds }: { retryAfterSeconds: number }) => retryAfterSeconds > 0,
    );
  // Slowly enough for Redis to speak long before this process alone would refuse.
  await until(takeOne);
  expect(taken).toBeLessThan(50);
  await other.take(policy, 'b');
  for (const client of clients) client.disconnect();
});
