import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import type { ConversationRowDto } from '../../../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../../../src/shared/schemas/message.js';
import type { Ack } from '../../../../../src/shared/schemas/error.js';
import type { SendMessageInput } from '../../../../../src/shared/schemas/message.js';
import type { ListView } from '../../../../../src/shared/schemas/view.js';
import type { ConversationsApi } from '../../../../../web/inbox/api/conversations.js';
import { ApiFailure } from '../../../../../web/inbox/api/failure.js';
import type { AgentSocket } from '../../../../../web/inbox/api/socket.js';
import type { SendOutcome } from '../../../../../web/inbox/logic/outbox.js';
import { replaceRows } from '../../../../../web/inbox/logic/list-state.js';
import { openThread } from '../../../../../web/inbox/logic/thread-state.js';
import { queryKeys } from '../../../../../web/inbox/stores/inbox-cache.js';
import { InboxLive } from '../../../../../web/inbox/stores/inbox-live.js';
import { buildConversation, buildMessage, buildOutboxItem, buildRow, ME, MemoryStorage, settle } from '../builders.js';

type Answer = (input: Record<string, unknown>) => Ack<unknown>;

/** A staff socket whose server a test plays. */
class PlayedSocket {
  connected = false;
  readonly said: { event: string; input: Record<string, unknown> }[] = [];
  readonly answers = new Map<string, Answer>();
  readonly #handlers = new Map<string, (data: unknown) => void>();

  on = (event: string, handler: (data: unknown) => void): void => void this.#handlers.set(event, handler);
  emit = (event: string, input: Record<string, unknown>): void => void this.said.push({ event, input });
  timeout = () => ({
    emit: (event: string, input: Record<string, unknown>, answer: (late: Error | null, ack?: Ack<unknown>) => void) => {
      this.said.push({ event, input });
      const ack = this.answers.get(event)?.(input);
      if (ack === undefined) answer(new Error('late'));
      else answer(null, ack);
    },
  });

  async receive(event: string, data?: unknown): Promise<void> {
    if (event === 'connect' || event === 'disconnect') this.connected = event === 'connect';
    this.#handlers.get(event)?.(data);
    await settle();
  }

  inputs = (event: string) => this.said.filter((said) => said.event === event).map(({ input }) => input);
}

const MINE: ListView = { kind: 'mine', done: false };
const ok = (data: unknown): Ack<unknown> => ({ ok: true, data });
const listAnswer = (rows: ConversationRowDto[], scopeRev = 1) =>
  ok({ ids: rows.map(({ id }) => id), changed: rows, counts: { mine: rows.length, unassigned: {} }, scopeRev });

describe('InboxLive', () => {
  let socket: PlayedSocket;
  let client: QueryClient;
  let live: InboxLive;
  let removed: (string | undefined)[];
  let heldBack: string[];
  let scopeChanges: number;
  let sends: SendMessageInput[];
  let sendAnswer: (input: SendMessageInput) => Promise<{ message: MessageDto }>;
  let reads: number[];

  beforeEach(() => {
    socket = new PlayedSocket();
    client = new QueryClient();
    removed = [];
    heldBack = [];
    scopeChanges = 0;
    sends = [];
    reads = [];
    sendAnswer = ({ clientMessageId }) => Promise.resolve({ message: own('stored', clientMessageId ?? null) });
    const api = {
      send: (input: SendMessageInput) => {
        sends.push(input);
        return sendAnswer(input);
      },
      markRead: (_id: string, rev: number) => {
        reads.push(rev);
        return Promise.resolve({ readCount: 1 });
      },
    } as unknown as ConversationsApi;
    const connection = { socket: socket as unknown as AgentSocket, open: () => undefined, close: () => undefined };
    live = new InboxLive(
      { connection, api, queryClient: client, reader: ME, storage: new MemoryStorage() },
      {
        onRemoved: (known) => removed.push(known?.number),
        onScopeChanged: () => (scopeChanges += 1),
        onHeldBack: (item, outcome: SendOutcome) => heldBack.push(`${item.id} ${outcome.kind}`),
      },
    );
    client.setQueryData(queryKeys.list(MINE), replaceRows(undefined, [buildRow('c1'), buildRow('c2')], null));
    client.setQueryData(
      queryKeys.thread('c1'),
      openThread(buildRow('c1'), { items: [buildMessage('a', { rev: 3 })], cursor: null, rev: 3 }),
    );
    socket.answers.set('sync_list', () => listAnswer([buildRow('c1'), buildRow('c2')]));
    socket.answers.set('sync_thread', ({ rev }) =>
      ok({ conversation: buildRow('c1'), messages: [], rev, more: false }),
    );
    live.catchUp.watchList(MINE);
    live.start();
  });
  afterEach(() => {
    live.stop();
    client.clear();
  });

  const own = (id: string, clientMessageId: string | null): MessageDto =>
    buildMessage(id, { rev: 9, clientMessageId, sender: { type: 'agent', id: ME.id, name: ME.name } });
  const event = (message: MessageDto, version = 2) => ({ conversation: buildConversation('c1', { version }), message });

  it('names the rows it holds and takes over the answer', async () => {
    socket.answers.set('sync_list', () => listAnswer([buildRow('c3'), buildRow('c1', { version: 2 })]));
    await socket.receive('connect');
    expect(socket.inputs('sync_list')).toEqual([
      {
        view: MINE,
        rows: [
          { id: 'c1', version: 1 },
          { id: 'c2', version: 1 },
        ],
      },
    ]);
    expect(live.cache.list(MINE)?.rows.map(({ id, version }) => [id, version])).toEqual([
      ['c3', 1],
      ['c1', 2],
    ]);
    expect(client.getQueryData(queryKeys.counts)).toEqual({ mine: 2, unassigned: {} });
    expect(live.catchUp.status.get()).toBe('up_to_date');
  });

  it('reloads everything when the rights have changed', async () => {
    await socket.receive('connect');
    socket.answers.set('sync_list', () => listAnswer([], 2));
    await socket.receive('disconnect');
    await socket.receive('connect');
    expect(scopeChanges).toBe(1);
    expect(live.cache.list(MINE)).toBeUndefined();
    expect(live.catchUp.status.get()).toBe('catching_up');
    await socket.receive('scope_changed', { scopeRev: 2 });
    expect(scopeChanges).toBe(1);
  });

  it('asks for a thread page by page, each with the cursor of the last answer', async () => {
    const pages = new Map([
      [3, { conversation: buildRow('c1'), messages: [buildMessage('b', { rev: 5 })], rev: 5, more: true }],
      [5, { conversation: buildRow('c1'), messages: [buildMessage('c', { rev: 7 })], rev: 7, more: false }],
    ]);
    socket.answers.set('sync_thread', ({ rev }) => ok(pages.get(rev as number)));
    await socket.receive('connect');
    live.openConversation('c1');
    await settle();
    expect(socket.inputs('sync_thread').map(({ rev }) => rev)).toEqual([3, 5]);
    expect(live.cache.thread('c1')?.messages.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(live.cache.thread('c1')?.rev).toBe(7);
  });

  it('still asks from the old cursor after live events', async () => {
    live.openConversation('c1');
    await socket.receive('customer_message', event(buildMessage('z', { rev: 20 })));
    await socket.receive('connect');
    expect(socket.inputs('sync_thread')[0]).toEqual({ conversationId: 'c1', rev: 3 });
  });

  it('asks at once when a colleague answers in the open thread, so that having seen it is vouched for', async () => {
    await socket.receive('connect');
    live.openConversation('c1');
    await settle();
    await socket.receive('customer_message', event(buildMessage('b', { rev: 4 })));
    expect(socket.inputs('sync_thread')).toHaveLength(1);
    const answer = buildMessage('d', { rev: 5, sender: { type: 'agent', id: 'u2', name: 'Mara' } });
    await socket.receive('message_created', event(answer, 3));
    expect(socket.inputs('sync_thread')).toHaveLength(2);
  });

  it('joins the open conversation again after every connect', async () => {
    live.openConversation('c1');
    await socket.receive('connect');
    await socket.receive('disconnect');
    await socket.receive('connect');
    expect(socket.inputs('open_conversation')).toHaveLength(2);
    live.openConversation('c2');
    expect(socket.inputs('leave_conversation')).toEqual([{ conversationId: 'c1' }]);
  });

  it('drops a conversation that is taken away, by event or by refusal', async () => {
    await socket.receive('connect');
    live.openConversation('c1');
    await settle();
    await socket.receive('conversation_removed', { conversationId: 'c1' });
    expect(removed).toEqual(['TKT-c1']);
    expect(live.removedId.get()).toBe('c1');
    expect(live.openId).toBeNull();
    client.setQueryData(queryKeys.thread('c2'), openThread(buildRow('c2'), { items: [], cursor: null, rev: 1 }));
    socket.answers.set('sync_thread', () => ({ ok: false, error: { code: 'FORBIDDEN', message: 'No.' } }));
    live.openConversation('c2');
    await settle();
    expect(live.removedId.get()).toBe('c2');
    expect(live.cache.list(MINE)?.rows).toEqual([]);
  });

  it('sends from the outbox into the thread, also when the event is faster than the answer', async () => {
    let answer: () => void = () => undefined;
    sendAnswer = () => new Promise((resolve) => (answer = () => resolve({ message: own('m', 'x1') })));
    live.outbox.add(buildOutboxItem('x1'));
    await socket.receive('message_created', event(own('m', 'x1')));
    expect(live.outbox.items.get()).toEqual([]);
    answer();
    await settle();
    expect(live.cache.thread('c1')?.messages.filter(({ id }) => id === 'm')).toHaveLength(1);
    expect(sends).toHaveLength(1);
  });

  it('tells when a message is held back, not when it only waits', async () => {
    sendAnswer = () => Promise.reject(new ApiFailure(503, { code: 'UNAVAILABLE', message: 'Later.' }));
    live.outbox.add(buildOutboxItem('x1'));
    await settle();
    expect(heldBack).toEqual([]);
    sendAnswer = () => Promise.reject(new ApiFailure(409, { code: 'STALE_DRAFT', message: 'Stale.' }));
    await socket.receive('connect');
    expect(heldBack).toEqual(['x1 stale']);
    expect(live.outbox.items.get()[0]?.state).toBe('stale');
  });

  it('marks as read once per message', async () => {
    await live.markRead('c1');
    await live.markRead('c1');
    expect(reads).toEqual([3]);
    expect(live.cache.thread('c1')?.conversation.readCount).toBe(1);
    await socket.receive('read_state', { conversationId: 'c2', readCount: 1 });
    expect(live.cache.list(MINE)?.rows[1]?.readCount).toBe(1);
  });

  it('shows who types, until they have written', async () => {
    await socket.receive('agent_typing', { conversationId: 'c1', user: { id: 'u2', name: 'Mara' }, isTyping: true });
    await socket.receive('customer_typing', { conversationId: 'c1', isTyping: true });
    expect(live.typing.get().map(({ who }) => who)).toEqual(['u2', 'contact']);
    await socket.receive('customer_message', event(buildMessage('b', { rev: 4 })));
    expect(live.typing.get().map(({ who }) => who)).toEqual(['u2']);
  });
});
