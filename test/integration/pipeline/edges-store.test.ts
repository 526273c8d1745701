import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { createInbox } from '../../../src/commands/inboxes/create-inbox.js';
import { forgetInboxes } from '../../../src/models/cached-inboxes.js';
import { MessageModel, WebhookEventModel } from '../../../src/models/index.js';
import { SYSTEM } from '../../../src/policies/index.js';
import type { Ack } from '../../../src/shared/schemas/error.js';
import { spawnStore, type StoreProcess } from '../../embedded/store/engine/support/stores.js';
import { post, sample, settled, startMessengerHub } from '../../support/messenger-hub.js';
import type { TestHub } from '../../support/start-hub.js';
import { until } from '../../support/until.js';

/** A store that does not answer is told within this. Milliseconds (SPEC 15, R8). */
const WITHIN = 5_000;

let folder: string;
/** An embedded one whatever MONGODB_URI says: a server that others use is not suspended. */
let store: StoreProcess;
let hub: TestHub;
let socket: Socket;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-edges-'));
  store = await spawnStore(['--data', join(folder, 'data'), '--port', '0']);
  hub = await startMessengerHub({ MONGODB_URI: store.uri });
  const { inbox } = await createInbox(hub.hub, { actor: SYSTEM, channel: 'web', name: 'Website' });
  socket = io(`${hub.url}/customer`, { transports: ['websocket'] });
  const opened = await call('customer_connect', { inboxKey: inbox.accountId });
  expect(opened).toMatchObject({ ok: true });
});
afterAll(async () => {
  socket.disconnect();
  await hub.stop();
  await store.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await WebhookEventModel.deleteMany({});
  await MessageModel.deleteMany({});
});

const call = (event: string, input: object): Promise<Ack<unknown>> =>
  socket.emitWithAck(event, input) as Promise<Ack<unknown>>;

const texts = async (): Promise<(string | null | undefined)[]> =>
  (await MessageModel.find().sort({ orderAt: 1 }).lean()).map((message) => message.text);

/** Runs something and checks that it took no longer than it may. */
async function inTime<T>(work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work();
  expect(Date.now() - started).toBeLessThan(WITHIN);
  return result;
}

const QUESTION = 'Hi, is the blue bicycle still in stock?';

describe('a suspended embedded store', () => {
  it('is a 503 within 5 s; the redelivery makes one message', async () => {
    const body = sample('message-text');
    store.child.kill('SIGSTOP');
    try {
      expect(await inTime(() => post(hub.url, body))).toBe(503);
    } finally {
      store.child.kill('SIGCONT');
    }
    await until('the store takes it', async () => (await post(hub.url, body)) === 200);
    await settled();
    expect(await texts()).toEqual([QUESTION]);
    expect(await WebhookEventModel.countDocuments()).toBe(1);
  });

  it.each([
    ['known', () => undefined],
    ['to be looked up', forgetInboxes],
  ])('is UNAVAILABLE for a visitor within 5 s, whose inbox is %s; the resend makes one message', async (_, before) => {
    const message = { text: 'Is anybody there?', clientMessageId: `visitor-${_}` };
    expect(await call('customer_message', { text: 'First', clientMessageId: `first-${_}` })).toMatchObject({
      ok: true,
    });
    before();
    store.child.kill('SIGSTOP');
    try {
      const refused = await inTime(() => call('customer_message', message));
      expect(refused).toMatchObject({ ok: false, error: { code: 'UNAVAILABLE' } });
    } finally {
      store.child.kill('SIGCONT');
    }
    await until('the store takes it', async () => (await call('customer_message', message)).ok);
    expect(await texts()).toEqual(['First', 'Is anybody there?']);
  });
});

describe('a killed embedded store', () => {
  it('is a 503 within 5 s; once it is back the redelivery makes one message', async () => {
    const body = sample('message-text');
    await store.stop('SIGKILL');
    expect(await inTime(() => post(hub.url, body))).toBe(503);
    expect(await inTime(() => call('customer_message', { text: 'Hello?', clientMessageId: 'killed' }))).toMatchObject({
      ok: false,
      error: { code: 'UNAVAILABLE' },
    });

    const { port } = new URL(store.uri);
    store = await spawnStore(['--data', join(folder, 'data'), '--port', port]);
    await until('the store takes both', async () => (await post(hub.url, body)) === 200);
    await until('the store takes both', async () => {
      return (await call('customer_message', { text: 'Hello?', clientMessageId: 'killed' })).ok;
    });
    await settled();
    expect((await texts()).toSorted()).toEqual(['Hello?', QUESTION]);
  });
});
