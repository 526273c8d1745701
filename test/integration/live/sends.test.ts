import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ConversationModel, InboxModel, MessageModel, UserModel } from '../../../src/models/index.js';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { CustomerMessageDto, MessageDto } from '../../../src/shared/schemas/message.js';
import type { CustomerSync, ThreadSync } from '../../../src/shared/schemas/sync.js';
import type { Peer } from './support/peer.js';
import { until } from '../../support/until.js';
import { World, type Member, type Visitor } from './support/world.js';

const HOUR = 60 * 60 * 1000;

let world: World;
let anna: Member;
let bert: Member;
let lead: Member;
let shop: { id: string; key: string };
let pageId: string;
let visitor: Visitor;
let conversationId: string;
let agent: Peer;
let chat: Peer;

beforeAll(async () => {
  world = await World.start();
  anna = await world.member('agent', 'Anna Ahrens');
  bert = await world.member('agent', 'Bert Brandt');
  lead = await world.member('supervisor', 'Lea Lorenz');
  shop = await world.webInbox([anna, bert, lead]);
  pageId = await world.page([anna, bert, lead]);
  agent = await world.staffPeer(anna);
});
beforeEach(async () => {
  visitor = await world.visitor(shop.key);
  chat = await world.visitorPeer(visitor);
  const first = await chat.data<{ message: CustomerMessageDto }>('customer_message', { text: 'Hello' });
  conversationId = first.message.conversationId;
  await world.assign(lead, conversationId, anna);
});
afterAll(() => world.stop());

const close = (): Promise<unknown> => agent.data('update_ticket_status', { conversationId, status: 'closed' });
const stored = (clientMessageId: string): Promise<number> => MessageModel.countDocuments({ clientMessageId }).exec();

describe('a message sent again', () => {
  const byVisitor = async (clientMessageId: string): Promise<CustomerMessageDto> =>
    (await chat.data<{ message: CustomerMessageDto }>('customer_message', { text: 'once', clientMessageId })).message;
  const byAgent = async (clientMessageId: string): Promise<MessageDto> =>
    (await agent.data<{ message: MessageDto }>('send_message', { conversationId, text: 'once', clientMessageId }))
      .message;

  it.each([
    ['a visitor', byVisitor],
    ['an agent', byAgent],
  ])('of %s is the same message, one after the other and at once', async (_who, send) => {
    const one = randomUUID();
    const first = await send(one);
    expect(await send(one)).toEqual(first);
    const two = randomUUID();
    const answers = await Promise.all([send(two), send(two), send(two), send(two)]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect([await stored(one), await stored(two)]).toEqual([1, 1]);
  });

  it('over two connections and over HTTP is the same message', async () => {
    const clientMessageId = randomUUID();
    const otherTab = await world.visitorPeer(visitor);
    const input = { text: 'once', clientMessageId };
    const [here, there] = await Promise.all([
      chat.data<{ message: CustomerMessageDto }>('customer_message', input),
      otherTab.data<{ message: CustomerMessageDto }>('customer_message', input),
    ]);
    expect(here.message.id).toBe(there.message.id);
    const id = randomUUID();
    const [socket, http] = await Promise.all([
      byAgent(id),
      world.api<{ message: MessageDto }>(anna, `/api/conversations/${conversationId}/messages`, {
        text: 'once',
        clientMessageId: id,
      }),
    ]);
    expect(http.success && http.data.message.id).toBe(socket.id);
    expect([await stored(clientMessageId), await stored(id)]).toEqual([1, 1]);
  });

  it('is the same message when the conversation was closed in between', async () => {
    const [visitors, agents] = [randomUUID(), randomUUID()];
    const [before, answer] = [await byVisitor(visitors), await byAgent(agents)];
    await close();
    expect(await byVisitor(visitors)).toMatchObject({ id: before.id, conversationId });
    expect(await byAgent(agents)).toMatchObject({ id: answer.id, conversationId });
    expect(await agent.refusal('send_message', { conversationId, text: 'new' })).toBe('WINDOW_CLOSED');
    expect(await ConversationModel.countDocuments({ identity: visitor.identityId }).exec()).toBe(1);
    const next = await byVisitor(randomUUID());
    expect(next.conversationId).not.toBe(conversationId);
  });

  it('is somebody else’s message when somebody else chose the same id', async () => {
    const clientMessageId = randomUUID();
    const [mine, theirs] = [await byVisitor(clientMessageId), await byAgent(clientMessageId)];
    expect(theirs.id).not.toBe(mine.id);
  });
});

describe('many messages at once', () => {
  const numbers = Array.from({ length: 50 }, (_, n) => `number ${n}`);

  it('of a visitor keep their order for both sides', async () => {
    await Promise.all(
      numbers.map((text) => chat.data('customer_message', { text, clientMessageId: `${conversationId} ${text}` })),
    );
    const { messages } = await chat.data<CustomerSync>('sync', { conversationId, rev: 0 });
    expect(messages.map(({ text }) => text)).toEqual(['Hello', ...numbers]);
    const inOrder = messages.toSorted((a, b) => a.orderAt - b.orderAt || (a.tieKey < b.tieKey ? -1 : 1));
    expect(inOrder.map(({ text }) => text)).toEqual(['Hello', ...numbers]);
    await until(() => told('customer_message').length === numbers.length + 1);
    expect(told('customer_message')).toEqual(['Hello', ...numbers]);
  });

  it('of an agent keep their order for both sides', async () => {
    await Promise.all(
      numbers.map((text) =>
        agent.data('send_message', { conversationId, text, clientMessageId: `${conversationId} ${text}` }),
      ),
    );
    const thread = await agent.data<ThreadSync>('sync_thread', { conversationId, rev: 0 });
    const answers = thread.messages.filter(({ kind, sender }) => kind === 'message' && sender.type === 'agent');
    expect(answers.map(({ text }) => text)).toEqual(numbers);
    expect(answers.every(({ orderAt }, n) => n === 0 || orderAt > (answers[n - 1]?.orderAt ?? 0))).toBe(true);
    await until(() => chat.events('agent_message').length === numbers.length);
    expect((chat.events('agent_message') as { message: MessageDto }[]).map(({ message }) => message.text)).toEqual(
      numbers,
    );
  });

  const told = (event: string): (string | null)[] =>
    (agent.events(event) as { message: MessageDto }[])
      .filter(({ message }) => message.conversationId === conversationId)
      .map(({ message }) => message.text);
});

describe('a draft that somebody else overtook', () => {
  it('is refused, goes out when forced, and is no question for one’s own answers and for notes', async () => {
    const { rev } = await agent.data<ThreadSync>('sync_thread', { conversationId, rev: 0 });
    const send = (input: object): Promise<string | null> => agent.refusal('send_message', { conversationId, ...input });
    expect(await send({ text: 'mine', lastSeenRev: rev })).toBeNull();
    expect(await send({ text: 'mine again', lastSeenRev: rev })).toBeNull();
    await world.answer(lead, conversationId, { text: 'a word of the lead', note: true });
    expect(await send({ text: 'a note does not matter', lastSeenRev: rev })).toBeNull();
    const seen = await agent.data<ThreadSync>('sync_thread', { conversationId, rev });
    await world.answer(lead, conversationId, { text: 'the lead answers' });
    const clientMessageId = randomUUID();
    const draft = { text: 'too late', clientMessageId, lastSeenRev: seen.rev };
    expect(await send(draft)).toBe('STALE_DRAFT');
    expect(await send(draft)).toBe('STALE_DRAFT');
    expect(await send({ text: 'for us', note: true, lastSeenRev: seen.rev })).toBeNull();
    expect(await stored(clientMessageId)).toBe(0);
    expect(await send({ ...draft, force: true })).toBeNull();
    expect(await send(draft)).toBeNull();
    expect(await stored(clientMessageId)).toBe(1);
  });
});

describe('the last message of a conversation', () => {
  it('is marked for the team when it is a note, and the customer is told nothing of it', async () => {
    const shown = async (): Promise<ConversationRowDto['lastMessage']> => {
      const path = `/api/conversations/${conversationId}`;
      const answer = await world.api<{ conversation: ConversationRowDto }>(anna, path);
      if (!answer.success) throw new Error(answer.error.message);
      return answer.data.conversation.lastMessage;
    };
    await world.answer(lead, conversationId, { text: 'she called at noon', note: true });
    expect(await shown()).toMatchObject({ preview: 'she called at noon', note: true, senderType: 'agent' });
    await agent.heard<{ conversation: ConversationRowDto }>(
      'message_created',
      ({ conversation: { id, lastMessage } }) => id === conversationId && lastMessage?.note === true,
    );
    await world.answer(lead, conversationId, { text: 'An answer' });
    expect(await shown()).toMatchObject({ preview: 'An answer', note: false });
    await chat.heard<{ message: CustomerMessageDto }>('agent_message', ({ message }) => message.text === 'An answer');
    await chat.data<CustomerSync>('sync', { conversationId, rev: 0 });
    expect(JSON.stringify(chat.frames)).not.toContain('she called');
  });
});

describe('a closed reply window', () => {
  it('refuses answers, not notes, and opens when the customer writes', async () => {
    const psid = '7364019285520999';
    const at = Date.now();
    await world.webhook(psid, { timestamp: at - 25 * HOUR, message: { mid: 'm_window_1', text: 'long ago' } });
    const found = await until(() => ConversationModel.findOne({ inbox: pageId, current: true }).lean().exec());
    const page = String(found._id);
    await world.assign(lead, page, anna);
    const ack = await agent.call('send_message', { conversationId: page, text: 'sorry, late' });
    expect(ack).toMatchObject({ ok: false, error: { code: 'WINDOW_CLOSED' } });
    expect(ack.ok ? '' : ack.error.message).toContain(new Date(at - HOUR).toISOString());
    expect(await agent.refusal('send_message', { conversationId: page, text: 'a note', note: true })).toBeNull();
    expect(world.platform.texts).not.toContain('sorry, late');
    await world.webhook(psid, { timestamp: at, message: { mid: 'm_window_2', text: 'still there?' } });
    await agent.heard<{ message: MessageDto }>('customer_message', ({ message }) => message.text === 'still there?');
    expect(await agent.refusal('send_message', { conversationId: page, text: 'yes' })).toBeNull();
    await until(() => world.platform.texts.includes('yes'));
  });
});

describe('a status', () => {
  it('moves along the table only', async () => {
    const move = (status: string): Promise<string | null> =>
      agent.refusal('update_ticket_status', { conversationId, status });
    expect(await move('resolved')).toBeNull();
    expect(await move('pending')).toBe('INVALID_TRANSITION');
    expect(await move('reopened')).toBeNull();
    expect(await move('no_such_status')).toBe('VALIDATION_ERROR');
    expect(await move('closed')).toBeNull();
    expect(await move('open')).toBe('INVALID_TRANSITION');
    expect(await move('closed')).toBeNull();
  });

  it('is "open" only while nobody holds it, and "assigned" or "in progress" only while somebody does', async () => {
    const move = (status: string) => world.api(lead, `/api/conversations/${conversationId}/status`, { status });
    const refusal = (message: string) => ({ success: false, error: { code: 'INVALID_TRANSITION', message } });
    expect(await move('open')).toEqual(
      refusal('A conversation cannot go from assigned to open. Somebody holds it: take it from them instead.'),
    );
    await world.assign(lead, conversationId, null);
    expect(await ConversationModel.findById(conversationId).lean()).toMatchObject({ status: 'open', assignee: null });
    for (const status of ['assigned', 'in_progress'])
      expect(await move(status)).toEqual(
        refusal(`A conversation cannot go from open to ${status}. Nobody holds it: assign it to somebody first.`),
      );
    const peer = await world.staffPeer(lead);
    const input = { conversationId, status: 'in_progress' };
    expect(await peer.refusal('update_ticket_status', input)).toBe('INVALID_TRANSITION');
    expect(await move('pending')).toMatchObject({ success: true });
    expect(await move('open')).toMatchObject({ success: true });
  });
});

describe('a holder', () => {
  const join = ({ actor }: Member) => InboxModel.updateOne({ _id: shop.id }, { $push: { members: actor.userId } });
  const held = async () => {
    const row = await ConversationModel.findById(conversationId).lean();
    return {
      status: row?.status,
      assignee: row?.assignee?.toString() ?? null,
      speaker: row?.speaker,
      fence: row?.fence,
    };
  };

  it('who came by answering speaks from then on, as one who was assigned does', async () => {
    const id = anna.actor.userId;
    const assigned = { status: 'assigned', assignee: id, speaker: `agent:${id}`, fence: 1 };
    expect(await held()).toEqual(assigned);
    await world.assign(lead, conversationId, null);
    expect(await held()).toEqual({ status: 'open', assignee: null, speaker: null, fence: 2 });
    await world.answer(bert, conversationId, { text: 'mine' });
    const other = bert.actor.userId;
    const answering = { status: 'in_progress', assignee: other, speaker: `agent:${other}`, fence: 3 };
    expect(await held()).toEqual(answering);
    await world.answer(bert, conversationId, { text: 'still mine' });
    expect(await held()).toEqual(answering);
  });

  it('is an active member of the inbox or an admin, whoever assigns', async () => {
    const stranger = await world.member('supervisor', 'Stig Storm');
    const gone = await world.member('agent', 'Gina Gone');
    const admin = await world.member('admin', 'Ada Adler');
    await join(gone);
    await UserModel.updateOne({ _id: gone.actor.userId }, { active: false });
    const customer = await world.member('agent', 'Curt Customer');
    await join(customer);
    await UserModel.updateOne({ _id: customer.actor.userId }, { role: 'customer' });
    const before = await held();
    const message = 'Only active members of this inbox and admins can take its conversations.';
    for (const { actor } of [stranger, gone, customer]) {
      const answer = await world.api(lead, `/api/conversations/${conversationId}/assign`, { assigneeId: actor.userId });
      expect(answer).toMatchObject({
        success: false,
        error: { code: 'VALIDATION_ERROR', details: [{ field: 'assigneeId', message }] },
      });
      const input = { conversationId, assigneeId: actor.userId };
      expect(await agent.refusal('assign', input)).toBe('VALIDATION_ERROR');
    }
    expect(await held()).toEqual(before);
    await world.assign(lead, conversationId, admin);
    expect((await held()).assignee).toBe(admin.actor.userId);
  });
});

describe('what is unread', () => {
  const row = async (member: Member): Promise<ConversationRowDto> => {
    const answer = await world.api<{ conversation: ConversationRowDto }>(
      member,
      `/api/conversations/${conversationId}`,
    );
    if (!answer.success) throw new Error(answer.error.message);
    return answer.data.conversation;
  };
  const unread = async (member: Member): Promise<number> => {
    const { contactMessageCount, readCount } = await row(member);
    return contactMessageCount - readCount;
  };
  const read = (rev: number): Promise<{ readCount: number }> => agent.data('mark_read', { conversationId, rev });

  it('is counted per reader, by revision, and never rises by reading an older one', async () => {
    const second = await world.write(visitor, 'two');
    await world.answer(anna, conversationId, { text: 'mine do not count' });
    const third = await world.write(visitor, 'three');
    expect([await unread(anna), await unread(lead)]).toEqual([3, 3]);
    expect(await read(second.message.rev)).toEqual({ readCount: 2 });
    expect([await unread(anna), await unread(lead)]).toEqual([1, 3]);
    expect(await read(third.message.rev)).toEqual({ readCount: 3 });
    expect(await read(second.message.rev)).toEqual({ readCount: 3 });
    await world.write(visitor, 'four');
    expect([await unread(anna), await unread(lead)]).toEqual([1, 4]);
  });

  it('is told to the reader’s other windows, and to the customer as read', async () => {
    const window = await world.staffPeer(anna);
    const second = await world.write(visitor, 'two');
    await read(second.message.rev);
    await window.heard(
      'read_state',
      (state) => JSON.stringify(state) === JSON.stringify({ conversationId, readCount: 2 }),
    );
    await chat.heard<{ conversation: { teamReadUpTo: number } }>(
      'conversation_updated',
      ({ conversation }) => conversation.teamReadUpTo === second.message.orderAt.getTime(),
    );
  });

  it('on the customer’s side rises with receipts, never falls, and never beyond what we have sent', async () => {
    const one = await world.answer(anna, conversationId, { text: 'one' });
    const two = await world.answer(anna, conversationId, { text: 'two' });
    const receipt = async (input: object): Promise<[number, number]> => {
      await chat.data('receipt', { conversationId, ...input });
      const { deliveredUpTo, readUpTo } = await row(anna);
      return [deliveredUpTo, readUpTo];
    };
    const [first, last] = [one.orderAt.getTime(), two.orderAt.getTime()];
    expect(await receipt({ deliveredUpTo: first })).toEqual([first, 0]);
    expect(await receipt({ readUpTo: first })).toEqual([first, first]);
    expect(await receipt({ deliveredUpTo: last + HOUR })).toEqual([last, first]);
    expect(await receipt({ readUpTo: 1 })).toEqual([last, first]);
    expect(await receipt({ readUpTo: last })).toEqual([last, last]);
  });
});

describe('when something last left an inbox', () => {
  const lastOut = async (id: string) => (await InboxModel.findById(id).lean())?.lastEventOutAt?.getTime() ?? null;

  it('is noted for a website, at most once a minute', async () => {
    const other = await world.webInbox([anna]);
    const { conversation } = await world.write(await world.visitor(other.key), 'Hello');
    const answer = (text: string) => world.answer(anna, String(conversation._id), { text });
    const begun = Date.now();
    expect(await lastOut(other.id)).toBeNull();
    await answer('one');
    const first = await until(() => lastOut(other.id));
    expect(first).toBeGreaterThanOrEqual(begun);
    await answer('two');
    const later = jest.spyOn(world.hub.hub, 'now').mockImplementation(() => Date.now() + 61_000);
    await answer('three');
    later.mockRestore();
    // A write for the second would have come before the third's.
    const next = await until(async () => ((await lastOut(other.id)) === first ? null : lastOut(other.id)));
    expect(next).toBeGreaterThanOrEqual(first + 60_000);
  });

  it('is noted for a Page once Meta has taken it', async () => {
    await world.webhook('9944100', { timestamp: Date.now(), message: { mid: 'm_out_1', text: 'Hello' } });
    const message = await until(() => MessageModel.findOne({ externalIds: 'm_out_1' }).lean().exec());
    await world.answer(anna, String(message.conversation), { text: 'Hello yourself' });
    await until(() => lastOut(pageId));
  });
});
