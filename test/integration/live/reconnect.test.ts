import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConversationModel } from '../../../src/models/index.js';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { CustomerSync } from '../../../src/shared/schemas/sync.js';
import type { ListView } from '../../../src/shared/schemas/view.js';
import { TIMING } from '../../../src/shared/limits.js';
import type { ChatClient } from '../../../web/widget/client/chat-client.js';
import { StaffClient, say, shows, startChat } from './support/clients.js';
import { Line } from './support/line.js';
import { holdTimers } from './support/timers.js';
import { UNAVAILABLE } from '../../support/platform.js';
import { until } from '../../support/until.js';
import { World, type Member, type Visitor } from './support/world.js';

const MINE: ListView = { kind: 'mine', done: false };

let world: World;
let anna: Member;
let bert: Member;
let lead: Member;
let shop: { id: string; key: string };
let pageId: string;
let people = 0;

beforeAll(async () => {
  world = await World.start();
  anna = await world.member('agent', 'Anna Ahrens');
  bert = await world.member('agent', 'Bert Brandt');
  lead = await world.member('supervisor', 'Lea Lorenz');
  shop = await world.webInbox([anna, bert, lead]);
  pageId = await world.page([anna, bert, lead]);
});
afterAll(() => world.stop());

/** What the HTTP API says, asked anew. */
async function truth(
  member: Member,
  threadId: string,
): Promise<{ rows: ConversationRowDto[]; messages: MessageDto[] }> {
  const [list, thread] = await Promise.all([
    world.api<{ items: ConversationRowDto[] }>(member, '/api/conversations?view=mine&limit=100'),
    world.api<{ items: MessageDto[] }>(member, `/api/conversations/${threadId}/messages?limit=100`),
  ]);
  if (!list.success || !thread.success) throw new Error('the API refused to tell');
  return { rows: list.data.items, messages: thread.data.items };
}

/** When somebody was last seen is told with the next change and no change of its own. */
const comparable = (rows: ConversationRowDto[]): ConversationRowDto[] =>
  rows.map((row) => ({ ...row, contact: { ...row.contact, lastSeenAt: null } }));

async function expectTruth(client: StaffClient, member: Member, threadId: string): Promise<void> {
  const told = await truth(member, threadId);
  expect(client.messages(threadId)).toEqual(told.messages);
  expect(comparable(client.rows)).toEqual(comparable(told.rows));
}

/** Somebody new on the Page, whose conversation Anna holds. */
async function personOnPage(): Promise<{
  psid: string;
  conversationId: string;
  mid: (n: number) => string;
  at: number;
}> {
  people += 1;
  const psid = `73640192855${String(people).padStart(5, '0')}`;
  const at = Date.now() - 60_000;
  const mid = (n: number): string => `m_${psid}_${n}`;
  await world.webhook(psid, { timestamp: at, message: { mid: mid(0), text: 'Is the blue one in stock?' } });
  await world.webhook(psid, { timestamp: at + 1, message: { mid: mid(1), text: 'my card number is 1234' } });
  const conversation = await until(() =>
    ConversationModel.findOne({ inbox: pageId, current: true, contactMessageCount: 2 }).sort({ _id: -1 }).lean().exec(),
  );
  const conversationId = String(conversation._id);
  await world.assign(lead, conversationId, anna);
  return { psid, conversationId, mid, at };
}

/** Everything that can happen to an agent's conversations while nobody tells them. */
async function traffic(person: Awaited<ReturnType<typeof personOnPage>>, given: string): Promise<string> {
  const { psid, conversationId, mid, at } = person;
  const first = await world.answer(anna, conversationId, { text: 'It is.' });
  await until(() => world.platform.texts.includes('It is.'));
  world.platform.otherwise = UNAVAILABLE;
  await world.answer(anna, conversationId, { text: 'This one does not arrive.' });
  const now = Date.now();
  await world.webhook(
    psid,
    { timestamp: now, message_edit: { mid: mid(0), text: 'Is the green one in stock?', num_edit: 1 } },
    { timestamp: now + 1, message: { mid: mid(1), is_deleted: true } },
    { timestamp: now + 2, message: { mid: mid(2), text: 'Hello?' } },
    { timestamp: now + 3, reaction: { mid: mid(0), action: 'react', reaction: 'love', emoji: '❤' } },
    { timestamp: at + 500, message: { mid: mid(3), text: 'a late one, from before' } },
    { timestamp: now + 4, read: { watermark: first.orderAt.getTime() + 1 } },
  );
  await world.answer(lead, conversationId, { text: 'Call her.', note: true });
  await until(async () => {
    const { messages } = await truth(anna, conversationId);
    const done = (id: string, is: (message: MessageDto) => boolean) =>
      messages.some((row) => row.text === id && is(row));
    return (
      done('This one does not arrive.', ({ delivery }) => delivery === 'failed') &&
      done('Is the green one in stock?', ({ reactions }) => reactions.length === 1) &&
      messages.some(({ unsent }) => unsent) &&
      messages.some(({ text }) => text === 'a late one, from before')
    );
  });
  await until(() => ConversationModel.exists({ _id: conversationId, readUpTo: { $gte: first.orderAt } }).exec());
  world.platform.otherwise = 'accept';
  await world.assign(lead, given, bert);
  const newcomer = await world.visitor(shop.key);
  const begun = await world.write(newcomer, 'Somebody new');
  await world.assign(lead, String(begun.conversation._id), anna);
  return String(begun.conversation._id);
}

async function held(by: Member): Promise<{ visitor: Visitor; conversationId: string }> {
  const visitor = await world.visitor(shop.key);
  const { conversation } = await world.write(visitor, 'Good morning');
  await world.assign(lead, String(conversation._id), by);
  return { visitor, conversationId: String(conversation._id) };
}

describe('an agent whose connection broke', () => {
  it('has everything right after it is back', async () => {
    const person = await personOnPage();
    const { conversationId: given } = await held(anna);
    const line = await Line.to(world.url);
    world.closeLater(() => line.close());
    const client = new StaffClient(world, anna, line.url);
    await client.show(MINE, person.conversationId);
    await expectTruth(client, anna, person.conversationId);

    line.cut();
    await client.cutOff();
    const before = client.messages(person.conversationId);
    const begun = await traffic(person, given);
    expect(client.messages(person.conversationId)).toEqual(before);
    line.mend();
    await client.upToDate();

    await expectTruth(client, anna, person.conversationId);
    const texts = client.messages(person.conversationId).map(({ text }) => text);
    expect(texts.filter((text) => text !== null)).toEqual([
      'Is the green one in stock?',
      'a late one, from before',
      'It is.',
      'This one does not arrive.',
      'Hello?',
      'Call her.',
    ]);
    const ids = client.rows.map(({ id }) => id);
    expect(ids).toContain(begun);
    expect(ids).not.toContain(given);
  });

  it('leaves a conversation that was given away meanwhile', async () => {
    const { conversationId } = await held(anna);
    const line = await Line.to(world.url);
    world.closeLater(() => line.close());
    const client = new StaffClient(world, anna, line.url);
    await client.show(MINE, conversationId);

    line.cut();
    await client.cutOff();
    await world.assign(lead, conversationId, bert);
    line.mend();
    await client.upToDate();

    expect(client.live.removedId.get()).toBe(conversationId);
    expect(client.messages(conversationId)).toEqual([]);
    expect(client.rows.map(({ id }) => id)).not.toContain(conversationId);
  });

  it('sees what it has read in another window', async () => {
    const { visitor, conversationId } = await held(anna);
    const seen = await world.write(visitor, 'and one more');
    const read = (member: Member) =>
      world.api(member, `/api/conversations/${conversationId}/read`, { rev: seen.message.rev });
    await read(lead);
    const line = await Line.to(world.url);
    world.closeLater(() => line.close());
    const client = new StaffClient(world, anna, line.url);
    await client.show(MINE, null);
    const readCount = (): number | undefined => client.rows.find(({ id }) => id === conversationId)?.readCount;
    expect(readCount()).toBe(0);

    line.cut();
    await client.cutOff();
    await read(anna);
    line.mend();
    await client.upToDate();
    expect(readCount()).toBe(2);
  });
});

describe('a visitor whose connection broke', () => {
  let line: Line;
  let chat: ChatClient;

  beforeEach(async () => {
    line = await Line.to(world.url);
    const opened = line;
    world.closeLater(() => opened.close());
    chat = await startChat(world, shop.key, line.url);
  });

  const currentId = (): string => chat.getState().thread.currentId ?? '';

  /** The visitor's conversation as a client that knows nothing is told. */
  async function toldAnew(): Promise<CustomerSync> {
    const peer = await world.visitorPeer({ token: chat.token ?? '' });
    const answer = await peer.data<CustomerSync>('sync', { conversationId: null, rev: 0 });
    peer.close();
    return answer;
  }

  it('has everything right after it is back, and sends what was written meanwhile once and in order', async () => {
    say(chat, 'one');
    await shows(chat, ['one']);
    const conversationId = currentId();

    line.cut();
    await until(() => chat.getState().connectivity === 'offline');
    say(chat, 'two');
    say(chat, 'three');
    await world.answer(anna, conversationId, { text: 'answer' });
    await world.answer(anna, conversationId, { text: 'not for you', note: true });
    await world.answer(anna, conversationId, { text: 'another answer' });
    expect(chat.getState().outbox.map(({ text }) => text)).toEqual(['two', 'three']);
    line.mend();
    chat.retryNow();

    await shows(chat, ['one', 'answer', 'another answer', 'two', 'three']);
    const told = await toldAnew();
    await until(() => chat.getState().outbox.length === 0);
    expect(chat.getState().thread.messages).toEqual(told.messages);
    const known = chat.getState().thread.conversations[conversationId];
    expect({ status: known?.conversation.status, agentName: known?.conversation.agentName }).toEqual({
      status: 'in_progress',
      agentName: 'Anna',
    });
    const last = told.messages.find(({ text }) => text === 'another answer')?.orderAt ?? 0;
    await until(() =>
      ConversationModel.exists({ _id: conversationId, deliveredUpTo: { $gte: new Date(last) } }).exec(),
    );
  });

  it('goes on in the new conversation that was begun elsewhere after the old one was closed', async () => {
    say(chat, 'first');
    await shows(chat, ['first']);
    const conversationId = currentId();
    await world.assign(lead, conversationId, anna);

    line.cut();
    await until(() => chat.getState().connectivity === 'offline');
    const closed = await world.api(anna, `/api/conversations/${conversationId}/status`, { status: 'closed' });
    expect(closed.success).toBe(true);
    const elsewhere = await world.visitorPeer({ token: chat.token ?? '' });
    await elsewhere.data('customer_message', { text: 'second', clientMessageId: 'elsewhere-1' });
    line.mend();
    chat.retryNow();

    await shows(chat, ['first', 'second']);
    expect(currentId()).not.toBe(conversationId);
    expect(chat.getState().thread.conversations[conversationId]?.conversation.status).toBe('closed');
  });
});

describe('what is lost while the connection stays up', () => {
  it('is healed for both sides by the periodic catch-up', async () => {
    const ticks = holdTimers(TIMING.catchUpEvery);
    const { hub } = world.hub;
    const tell = hub.emitAfterCommit;
    try {
      const person = await personOnPage();
      const { conversationId: given } = await held(anna);
      const chat = await startChat(world, shop.key, world.url);
      say(chat, 'hello');
      await shows(chat, ['hello']);
      const chatId = chat.getState().thread.currentId ?? '';
      const client = new StaffClient(world, anna, world.url);
      await client.show(MINE, person.conversationId);
      const before = client.messages(person.conversationId);

      hub.emitAfterCommit = () => undefined;
      await traffic(person, given);
      await world.answer(bert, chatId, { text: 'swallowed' });
      hub.emitAfterCommit = tell;
      expect(client.messages(person.conversationId)).toEqual(before);
      expect(client.rows.map(({ id }) => id)).toContain(given);

      expect(ticks.count()).toBeGreaterThanOrEqual(2);
      ticks.fire();
      await shows(chat, ['hello', 'swallowed']);
      await until(() => !client.rows.some(({ id }) => id === given));
      await until(() => client.messages(person.conversationId).some(({ text }) => text === 'Call her.'));
      await expectTruth(client, anna, person.conversationId);
    } finally {
      hub.emitAfterCommit = tell;
      ticks.restore();
    }
  });
});
