import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ChatEventName } from '../../../../../web/widget/client/chat-state.js';
import { ChatClient } from '../../../../../web/widget/client/chat-client.js';
import type { VisitedPage } from '../../../../../src/shared/schemas/visitor.js';
import type { SenderLock } from '../../../../../web/widget/core/drain.js';
import { createStore, storageKeys } from '../../../../../web/widget/core/storage.js';
import { HubFixture } from '../support/hub-fixture.js';
import { MemoryStorage } from '../support/memory-storage.js';
import { until } from '../../../../support/until.js';

const KEYS = storageKeys('key');

let hub: HubFixture;
let storage: MemoryStorage;
let clients: ChatClient[];
let lockQueue: Promise<void>;
let events: { name: ChatEventName; data: unknown }[];

/** Tabs of one browser share storage and lock. */
const lock: SenderLock = (work) => (lockQueue = lockQueue.then(work, work));

interface TabPart {
  storage?: MemoryStorage;
  origin?: string;
  inboxKey?: string;
  page?: VisitedPage;
}

function openTab(part: TabPart = {}): ChatClient {
  const { page } = part;
  const client = new ChatClient({
    origin: part.origin ?? hub.origin,
    inboxKey: part.inboxKey ?? 'key',
    store: createStore(part.storage ?? storage),
    lock,
    newId: randomUUID,
    ...(page === undefined ? {} : { page: () => page }),
    emit: (name, data) => events.push({ name, data }),
  });
  clients.push(client);
  return client;
}

const write = (client: ChatClient, text: string): void =>
  client.send({ text, attachments: [], payload: null, replyTo: null });
const texts = (client: ChatClient) => client.getState().thread.messages.map((message) => message.text);
const ready = (client: ChatClient): Promise<unknown> =>
  until(
    () => client.getState(),
    () => client.getState().loaded && client.getState().connectivity === 'online',
  );
const shows = (client: ChatClient, expected: string[]): Promise<unknown> =>
  until(
    () => texts(client),
    () => JSON.stringify(texts(client)) === JSON.stringify(expected),
  );
const has = (name: ChatEventName): boolean => events.some((event) => event.name === name);

async function startTab(part: Parameters<typeof openTab>[0] = {}): Promise<ChatClient> {
  const client = openTab(part);
  client.start();
  await ready(client);
  return client;
}

beforeEach(async () => {
  hub = new HubFixture({ pageSize: 3 });
  await hub.start();
  storage = new MemoryStorage();
  clients = [];
  events = [];
  lockQueue = Promise.resolve();
});

afterEach(async () => {
  for (const client of clients) client.stop();
  await hub.stop();
});

describe('session', () => {
  test('a new visitor gets a token, and a later page goes on with it', async () => {
    const first = await startTab();
    write(first, 'hello');
    await shows(first, ['hello']);
    first.stop();
    const second = await startTab();
    await shows(second, ['hello']);
    expect(hub.sessionBodies[1]).toEqual({ inboxKey: 'key', token: storage.getItem(KEYS.token) });
    expect(second.getState().inboxName).toBe('Radhaus');
  });

  test('a session that was just opened is taken over without another request', async () => {
    const { token, contactId } = hub.openSession();
    const { dto } = hub.begin(contactId);
    const client = openTab();
    client.start(null, { token, contactId, inbox: { id: 'i1', name: 'Radhaus' }, conversation: dto });
    await ready(client);
    expect(client.getState().thread.currentId).toBe(dto.id);
    expect([hub.sessionBodies, storage.getItem(KEYS.token)]).toEqual([[], token]);
  });

  test('a token that is no longer accepted is replaced', async () => {
    storage.setItem(KEYS.token, 'expired');
    await startTab();
    expect(hub.sessionBodies.map((body) => body.token)).toEqual(['expired', undefined]);
    expect(storage.getItem(KEYS.token)).not.toBe('expired');
  });

  test('an inbox that does not exist is said plainly and not asked for again', async () => {
    const client = openTab({ inboxKey: 'wrong' });
    client.start();
    await until(() => client.getState().connectivity === 'unavailable');
    expect(has('error')).toBe(true);
    expect(hub.sessionBodies).toHaveLength(1);
  });

  test('an identified user gets their history, and their own thread replaces the anonymous one', async () => {
    hub.say(hub.begin('user-7'), { text: 'from last week' });
    const client = await startTab();
    write(client, 'anonymous');
    await shows(client, ['anonymous']);
    client.identify({ id: 'user-7', hash: 'good' });
    await shows(client, ['from last week']);
  });

  test('the other tabs of a browser go on as the user whom one of them has identified, with what they had to send', async () => {
    hub.say(hub.begin('user-7'), { text: 'from last week' });
    const [one, other] = [await startTab(), await startTab()];
    one.identify({ id: 'user-7', hash: 'good' });
    await until(() => other.getState().connectivity === 'offline');
    write(other, 'while cut off');
    await until(() => storage.getItem(KEYS.token) !== hub.sessionBodies[1]?.token);
    other.storageChanged(KEYS.token);
    await shows(other, ['from last week', 'while cut off']);
    await shows(one, ['from last week', 'while cut off']);
    expect(hub.received).toHaveLength(1);
    expect(hub.sessionBodies.filter(({ token }) => token === undefined)).toHaveLength(1);
  });

  test('a tab whose token has ended waits for the one that another tab is being given', async () => {
    const client = await startTab();
    const ended = storage.getItem(KEYS.token) ?? '';
    hub.endToken(ended);
    const refused = (): number => hub.sessionBodies.filter(({ token }) => token === ended).length;
    await until(() => refused() === 1);
    const { token } = hub.openSession('user-7');
    storage.setItem(KEYS.token, token);
    await ready(client);
    expect(client.token).toBe(token);
    expect(hub.sessionBodies.filter((body) => body.token === undefined)).toHaveLength(1);
  });

  test('a tab whose token has ended for good begins anew', async () => {
    const client = await startTab();
    const ended = client.token ?? '';
    hub.endToken(ended);
    await until(() => client.getState().connectivity === 'online' && client.token !== ended);
  });

  test('the team is told where the visitor is', async () => {
    const page = { url: 'https://shop.example/helmets', title: 'Helmets' };
    await startTab({ page });
    expect(hub.sessionBodies).toEqual([{ inboxKey: 'key', page }]);
  });

  test('a wrong identity hash is reported and the chat goes on', async () => {
    const client = await startTab();
    client.identify({ id: 'user-7', hash: 'forged' });
    await until(() => has('error'));
    await ready(client);
    write(client, 'still here');
    await shows(client, ['still here']);
  });

  test('a connection that the server refuses is tried again with a renewed session', async () => {
    hub.refuseSockets = true;
    const client = openTab();
    client.start();
    await until(() => client.getState().connectivity === 'offline');
    hub.refuseSockets = false;
    await ready(client);
    expect(hub.sessionBodies.length).toBeGreaterThan(1);
  });
});

describe('catch-up', () => {
  test('reads a long thread page by page and leaves the cursor at its end', async () => {
    const { token, contactId } = hub.openSession();
    storage.setItem(KEYS.token, token);
    const stored = hub.begin(contactId);
    const expected = Array.from({ length: 8 }, (_, index) => `message ${index}`);
    for (const text of expected) hub.say(stored, { text }, { live: false });
    const client = await startTab();
    expect(texts(client)).toEqual(expected);
    expect(hub.syncs.map(({ rev }) => rev)).toEqual([0, 3, 6]);
    expect(client.getState().thread.conversations[stored.dto.id]?.cursor).toBe(8);
    expect(has('message')).toBe(false);
  });

  test('a cut connection comes back by itself and brings what was missed: new, edited, taken back', async () => {
    const client = await startTab();
    write(client, 'hello');
    await shows(client, ['hello']);
    const stored = hub.conversations[0]!;
    const answer = hub.say(stored, { text: 'answer' });
    await shows(client, ['hello', 'answer']);
    hub.cut();
    await until(() => client.getState().connectivity === 'offline');
    hub.change(stored, answer.id, { text: 'better answer', edited: true }, { live: false });
    hub.say(stored, { text: 'one more' }, { live: false });
    hub.changeConversation(stored, { agentName: 'Marta' }, { live: false });
    await shows(client, ['hello', 'better answer', 'one more']);
    expect(client.getState().thread.conversations[stored.dto.id]?.conversation.agentName).toBe('Marta');
  });

  test('after a closed conversation the next message begins a new one, shown below the old', async () => {
    const client = await startTab();
    write(client, 'first case');
    await shows(client, ['first case']);
    hub.changeConversation(hub.conversations[0]!, { status: 'closed' });
    write(client, 'second case');
    await shows(client, ['first case', 'second case']);
    expect(client.getState().thread.currentId).toBe('c2');
    client.stop();
    const later = await startTab();
    await shows(later, ['first case', 'second case']);
    expect(later.getState().thread.currentId).toBe('c2');
  });

  test('a new conversation that another tab began is found', async () => {
    const [left, right] = [await startTab(), await startTab()];
    write(left, 'first case');
    await shows(right, ['first case']);
    hub.changeConversation(hub.conversations[0]!, { status: 'closed' });
    write(left, 'second case');
    await shows(right, ['first case', 'second case']);
    await until(() => right.getState().thread.currentId === 'c2');
  });
});

describe('outbox', () => {
  test('what is written without a connection is sent in order once there is one', async () => {
    const client = openTab();
    for (const text of ['one', 'two', 'three']) write(client, text);
    expect(client.getState().outbox.map((entry) => entry.text)).toEqual(['one', 'two', 'three']);
    client.start();
    await shows(client, ['one', 'two', 'three']);
    expect(client.getState().outbox).toEqual([]);
  });

  test('survives a reload', async () => {
    const first = openTab();
    write(first, 'one');
    write(first, 'two');
    first.stop();
    await shows(await startTab(), ['one', 'two']);
    expect(storage.length).toBeGreaterThan(0);
    expect(createStore(storage).keys(KEYS.outbox)).toEqual([]);
  });

  test('a message whose confirmation was lost is sent again under its id and stored once', async () => {
    const client = await startTab();
    let drops = 1;
    hub.onSend = () => (drops-- > 0 ? 'drop' : null);
    write(client, 'one');
    write(client, 'two');
    await shows(client, ['one', 'two']);
    expect(hub.conversations[0]!.messages.map((message) => message.text)).toEqual(['one', 'two']);
    const [first, second] = hub.received;
    expect(hub.received.filter((id) => id === first).length).toBeLessThanOrEqual(2);
    expect(client.getState().outbox).toEqual([]);
    expect(second).toBeDefined();
  });

  test('two tabs that wake up together send everything once and in order', async () => {
    const writer = openTab();
    const expected = ['one', 'two', 'three', 'four', 'five'];
    for (const text of expected) write(writer, text);
    const other = openTab();
    writer.start();
    other.start();
    await shows(writer, expected);
    await shows(other, expected);
    expect(hub.received).toHaveLength(expected.length);
  });

  test('a tab without a connection leaves its messages to one that has it', async () => {
    const connected = await startTab();
    const cutOff = openTab({ origin: 'http://127.0.0.1:9' });
    write(cutOff, 'from the other tab');
    connected.storageChanged(`${KEYS.outbox}x`);
    await shows(connected, ['from the other tab']);
    cutOff.storageChanged(`${KEYS.outbox}x`);
    expect(cutOff.getState().outbox).toEqual([]);
  });

  test('a refused message is shown with a reason, lets the next pass, and can be sent again or discarded', async () => {
    const client = await startTab();
    hub.onSend = (input) => (input.text?.startsWith('bad') ? 'FORBIDDEN' : null);
    write(client, 'bad one');
    write(client, 'bad two');
    write(client, 'good');
    await shows(client, ['good']);
    const [one, two] = client.getState().outbox;
    expect([one?.text, two?.text]).toEqual(['bad one', 'bad two']);
    expect(one?.error).toEqual(expect.any(String));
    hub.onSend = () => null;
    client.discard(two!.clientMessageId);
    client.retry(one!.clientMessageId);
    await shows(client, ['good', 'bad one']);
    expect(client.getState().outbox).toEqual([]);
  });

  test('a passing fault is waited for without a word to the visitor', async () => {
    const client = await startTab();
    let faults = 1;
    hub.onSend = () => (faults-- > 0 ? 'UNAVAILABLE' : null);
    write(client, 'patient');
    await shows(client, ['patient']);
    expect(hub.received).toHaveLength(2);
    expect(new Set(hub.received).size).toBe(1);
  });
});

describe('receipts and typing', () => {
  async function conversationWithAnswer() {
    const client = await startTab();
    write(client, 'hello');
    await shows(client, ['hello']);
    const stored = hub.conversations[0]!;
    const answer = hub.say(stored, { text: 'answer' });
    await shows(client, ['hello', 'answer']);
    return { client, stored, answer };
  }
  const told = (part: object) => () => {
    const wanted = Object.entries(part);
    return hub.receipts.some((receipt) =>
      wanted.every(([key, value]) => Object.entries(receipt).some(([k, v]) => k === key && v === value)),
    );
  };

  test('delivery is told on arrival, reading only when the chat is open and in sight', async () => {
    const { client, answer } = await conversationWithAnswer();
    await until(told({ deliveredUpTo: answer.orderAt }));
    expect(client.getState().unread).toBe(1);
    client.seen(answer.orderAt);
    client.open();
    client.setVisible(false);
    client.seen(answer.orderAt);
    expect(client.getState().unread).toBe(1);
    client.setVisible(true);
    client.seen(answer.orderAt);
    await until(told({ readUpTo: answer.orderAt }));
    expect(client.getState().unread).toBe(0);
    expect(hub.receipts.filter((receipt) => receipt.readUpTo !== undefined)).toHaveLength(1);
  });

  test('what was read without a connection is told after it is back', async () => {
    const { client, answer } = await conversationWithAnswer();
    client.open();
    hub.cut();
    await until(() => client.getState().connectivity === 'offline');
    client.seen(answer.orderAt);
    await until(told({ readUpTo: answer.orderAt }));
  });

  test('reading in one tab clears the badge of another, and a later page does not count it again', async () => {
    const { client, answer } = await conversationWithAnswer();
    const other = await startTab();
    await until(() => other.getState().unread === 1);
    client.open();
    client.seen(answer.orderAt);
    other.storageChanged(KEYS.read);
    expect(other.getState().unread).toBe(0);
    expect((await startTab()).getState().unread).toBe(0);
  });

  test('the typing mark of the team ends with its message', async () => {
    const { client, stored } = await conversationWithAnswer();
    hub.tellTyping(stored, true);
    await until(() => client.getState().agentTyping);
    hub.say(stored, { text: 'done' });
    await until(() => !client.getState().agentTyping);
    expect(texts(client)).toContain('done');
  });

  test('own typing is told and taken back when the message is sent', async () => {
    const client = await startTab();
    client.typed('h');
    client.typed('he');
    write(client, 'hello');
    await until(() => hub.typing.length === 2);
    expect(hub.typing).toEqual([true, false]);
  });

  test('new messages and counts are told to the page', async () => {
    await conversationWithAnswer();
    expect(events).toContainEqual({ name: 'message', data: { from: 'team', text: 'answer' } });
    expect(events).toContainEqual({ name: 'unread', data: { count: 1 } });
    expect(events.filter((event) => event.name === 'ready')).toHaveLength(1);
  });
});
