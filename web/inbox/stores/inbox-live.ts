import type { QueryClient } from '@tanstack/react-query';
import type { ConversationDto, ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import type { ListView } from '../../../src/shared/schemas/view.js';
import type { ConversationsApi } from '../api/conversations.js';
import { isGone, outcomeOf } from '../api/failure.js';
import { ask, type AgentConnection, type AgentSocket } from '../api/socket.js';
import { unreadOf } from '../logic/conversation.js';
import type { KeyValueStore } from '../logic/drafts.js';
import { applyListSync, namedRows } from '../logic/list-state.js';
import type { OutboxItem, SendOutcome } from '../logic/outbox.js';
import { toSendInput } from '../logic/outbox.js';
import { applyThreadSync, lastContactSeq, visibleMessages } from '../logic/thread-state.js';
import { totalOf } from '../logic/view.js';
import { liveMarks, markTyping, type TypingMark } from '../logic/typing.js';
import { CatchUp } from './catch-up.js';
import { InboxCache } from './inbox-cache.js';
import { OutboxRunner } from './outbox-runner.js';
import { scheduleTimeout, Store } from './store.js';

export interface LiveParts {
  connection: AgentConnection;
  api: Pick<ConversationsApi, 'send' | 'markRead'>;
  queryClient: QueryClient;
  reader: UserDto;
  /** Keeps unsent messages over a reload. */
  storage: KeyValueStore;
}

export interface LiveEvents {
  /** The reader may no longer see a conversation; `known` is what was on hand of it. */
  onRemoved(known: ConversationRowDto | undefined): void;
  /** The reader's rights have changed. */
  onScopeChanged(): void;
  /** A message of ours was refused or needs a decision. */
  onHeldBack(item: OutboxItem, outcome: SendOutcome): void;
}

/** Keeps the cache in step with the server: socket events, catch-up, outbox, typing. */
export class InboxLive {
  readonly cache: InboxCache;
  readonly catchUp: CatchUp;
  readonly outbox: OutboxRunner;
  /** The conversation that was taken away last, for leaving it if it is on screen. */
  readonly removedId = new Store<string | null>(null);
  readonly typing = new Store<readonly TypingMark[]>([]);
  readonly #connection: AgentConnection;
  readonly #socket: AgentSocket;
  readonly #api: Pick<ConversationsApi, 'send' | 'markRead'>;
  readonly #events: LiveEvents;
  #openId: string | null = null;
  #scopeRev: number | null = null;
  /** Highest revision marked as read, by conversation, so that nothing is asked twice. */
  readonly #markedRev = new Map<string, number>();
  #cancelTyping = (): void => undefined;

  constructor({ connection, api, queryClient, reader, storage }: LiveParts, events: LiveEvents) {
    this.#connection = connection;
    this.#socket = connection.socket;
    this.#api = api;
    this.#events = events;
    this.cache = new InboxCache(queryClient, reader.id);
    this.catchUp = new CatchUp({
      syncList: (view) => this.#syncList(view),
      syncThread: (id) => this.#syncThread(id),
      schedule: scheduleTimeout,
    });
    this.outbox = new OutboxRunner(
      {
        send: (item) => this.#send(item),
        onSent: (message) => void this.cache.applyLive({ message }),
        storage,
        now: Date.now,
        schedule: scheduleTimeout,
      },
      reader.id,
    );
    this.#listen();
  }

  start(): void {
    this.outbox.start();
    this.#connection.open();
  }

  /** Takes everything down; `start` may follow. */
  stop(): void {
    this.#connection.close();
    this.catchUp.stop();
    this.outbox.stop();
    this.#cancelTyping();
  }

  /** The network is back or gone, by the browser's own word. */
  networkChanged(online: boolean): void {
    if (online) this.outbox.hurry();
    else this.catchUp.disconnected(true);
  }

  /** The conversation on screen; null: none. */
  get openId(): string | null {
    return this.#openId;
  }

  /** Which conversation is on screen; null: none. */
  openConversation(id: string | null): void {
    if (id === this.#openId) return;
    if (this.#openId !== null) this.#say('leave_conversation', this.#openId);
    this.#openId = id;
    if (id !== null) this.#say('open_conversation', id);
    this.catchUp.watchThread(id);
  }

  /** Marks what is on screen as read, once per revision. */
  async markRead(id: string): Promise<void> {
    const state = this.cache.thread(id);
    if (state === undefined || unreadOf(state.conversation) === 0) return;
    const rev = lastContactSeq(visibleMessages(state));
    if (rev <= (this.#markedRev.get(id) ?? 0)) return;
    this.#markedRev.set(id, rev);
    try {
      const { readCount } = await this.#api.markRead(id, rev);
      this.cache.markRead(id, readCount);
    } catch {
      this.#markedRev.delete(id);
    }
  }

  /** Tells the other side that the reader is writing. */
  sayTyping(conversationId: string, isTyping: boolean): void {
    if (this.#socket.connected) this.#socket.emit('typing', { conversationId, isTyping });
  }

  /** Applies the answer to a change that the reader made. */
  applyConversation(conversation: ConversationDto): void {
    if (this.cache.applyLive({ conversation })) this.catchUp.tellList();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => {
      if (this.#openId !== null) this.#say('open_conversation', this.#openId);
      this.catchUp.connected();
      this.cache.listsMayHaveChanged();
      this.outbox.hurry();
    });
    socket.on('disconnect', () => this.catchUp.disconnected());
    socket.on('connect_error', () => this.catchUp.disconnected());
    socket.on('new_ticket', ({ conversation }) => this.#listChanged(conversation));
    socket.on('ticket_updated', ({ conversation }) => this.#listChanged(conversation));
    socket.on('customer_message', (live) => this.#messageArrived(live, 'contact'));
    socket.on('message_created', (live) => this.#messageArrived(live, live.message.sender.id));
    socket.on('message_updated', (live) => this.#messageArrived(live, null));
    socket.on('conversation_removed', ({ conversationId }) => this.#remove(conversationId));
    socket.on('read_state', ({ conversationId, readCount }) => this.cache.markRead(conversationId, readCount));
    socket.on('list_changed', ({ name }) => this.cache.listChanged(name));
    socket.on('scope_changed', ({ scopeRev }) => this.#checkScope(scopeRev));
    socket.on('customer_typing', ({ conversationId, isTyping }) =>
      this.#setTyping({ conversationId, who: 'contact', name: '' }, isTyping),
    );
    socket.on('agent_typing', ({ conversationId, user, isTyping }) =>
      this.#setTyping({ conversationId, who: user.id, name: user.name }, isTyping),
    );
  }

  #listChanged(conversation: ConversationDto): void {
    this.cache.applyLive({ conversation });
    this.catchUp.tellList();
  }

  #messageArrived(live: { conversation: ConversationDto; message: MessageDto }, writer: string | null): void {
    if (this.cache.applyLive(live)) this.catchUp.tellList();
    if (live.message.clientMessageId !== null) this.outbox.arrived(live.message.clientMessageId);
    // A colleague's answer decides whether a draft is stale, and only a catch-up may vouch for having seen it.
    if (live.conversation.id === this.#openId && live.message.sender.type !== 'contact') this.catchUp.tellThread();
    if (writer !== null) {
      this.#setTyping({ conversationId: live.conversation.id, who: writer, name: '' }, false);
    }
  }

  #remove(id: string): void {
    if (this.#openId === id) this.openConversation(null);
    this.#events.onRemoved(this.cache.remove(id));
    this.removedId.set(id);
    this.catchUp.tellList();
  }

  #setTyping(mark: Omit<TypingMark, 'until'>, isTyping: boolean): void {
    this.typing.set(markTyping(this.typing.get(), mark, isTyping, Date.now()));
    this.#expireTyping();
  }

  #expireTyping(): void {
    this.#cancelTyping();
    const ends = this.typing.get().map((mark) => mark.until);
    if (ends.length === 0) return;
    this.#cancelTyping = scheduleTimeout(
      () => {
        this.typing.set(liveMarks(this.typing.get(), Date.now()));
        this.#expireTyping();
      },
      Math.max(0, Math.min(...ends) - Date.now()) + 1,
    );
  }

  async #syncList(view: ListView): Promise<boolean> {
    const state = this.cache.list(view);
    if (state === undefined) return false;
    const named = namedRows(state);
    const answer = await ask(this.#socket, 'sync_list', { view, rows: named });
    if (this.#checkScope(answer.scopeRev)) return false;
    this.cache.setCounts(answer.counts);
    this.cache.updateList(view, (latest) => applyListSync(latest, answer, named, totalOf(view, answer.counts)));
    return true;
  }

  async #syncThread(id: string): Promise<boolean> {
    for (;;) {
      const state = this.cache.thread(id);
      if (state === undefined) return false;
      const answer = await ask(this.#socket, 'sync_thread', { conversationId: id, rev: state.rev }).catch((error) => {
        if (!isGone(error)) throw error;
        this.#remove(id);
        return null;
      });
      if (answer === null) return false;
      this.cache.updateThread(id, (latest) => applyThreadSync(latest, answer));
      if (!answer.more) return true;
    }
  }

  /** Rights have changed: everything on hand may be wrong. Answers whether they have. */
  #checkScope(scopeRev: number): boolean {
    const changed = this.#scopeRev !== null && this.#scopeRev !== scopeRev;
    this.#scopeRev = scopeRev;
    if (changed) {
      this.cache.reload();
      this.catchUp.restart();
      this.#events.onScopeChanged();
    }
    return changed;
  }

  async #send(item: OutboxItem): Promise<SendOutcome> {
    try {
      const { message } = await this.#api.send(toSendInput(item));
      return { kind: 'sent', message };
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome.kind !== 'later') this.#events.onHeldBack(item, outcome);
      if (outcome.kind === 'stale') this.catchUp.tellThread();
      return outcome;
    }
  }

  #say(event: 'open_conversation' | 'leave_conversation', conversationId: string): void {
    if (this.#socket.connected) this.#socket.emit(event, { conversationId });
  }
}
