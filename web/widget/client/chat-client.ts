import { TIMING } from '../../../src/shared/limits.js';
import type { CustomerConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import { Sender, type SenderLock, type SendOutcome } from '../core/drain.js';
import { backoff } from '../core/backoff.js';
import { Outbox, type Draft, type OutboxEntry } from '../core/outbox.js';
import { countUnread } from '../core/receipts.js';
import { storageKeys, type KeyValueStore } from '../core/storage.js';
import { applyConversation, applyLive, EMPTY_THREAD, type Thread } from '../core/thread.js';
import { TypingSignal } from '../core/typing.js';
import { STRINGS } from '../strings.js';
import { CatchUp } from './catch-up.js';
import { INITIAL_STATE, newMessages, withThread, type ChatState, type EmitChatEvent } from './chat-state.js';
import { createConnection, type Connection } from './connection.js';
import { VisitorMemory } from './memory.js';
import { ReceiptTeller } from './receipt-teller.js';
import { judgeRefusal } from './refusal.js';
import type { Identity, VisitedPage, VisitorSession } from '../../../src/shared/schemas/visitor.js';
import { SessionKeeper } from './session-keeper.js';

/** What a chat needs from its surroundings. */
export interface ChatClientOptions {
  /** Where the hub is, without a slash at the end. */
  origin: string;
  inboxKey: string;
  store: KeyValueStore;
  lock: SenderLock;
  /** Makes an id that nobody else makes. */
  newId: () => string;
  /** Tells the host page. */
  emit: EmitChatEvent;
  /** The page that the visitor is on; absent: the team is not told. */
  page?: () => VisitedPage;
}

interface LiveEvent {
  conversation: CustomerConversationDto;
  message?: CustomerMessageDto;
}

/** Signed addresses are read anew after this many milliseconds, before they expire. */
const FRESH_FOR = 4 * 60_000;

/** The visitor's side of a chat without its looks: session, connection, thread, outbox, receipts, typing. */
export class ChatClient {
  private state = INITIAL_STATE;
  private readonly listeners = new Set<() => void>();
  private readonly keys: ReturnType<typeof storageKeys>;
  private readonly memory: VisitorMemory;
  private readonly outbox: Outbox;
  private readonly sender: Sender;
  private readonly session: SessionKeeper;
  private readonly connection: Connection;
  private readonly catchUp: CatchUp;
  private readonly typing: TypingSignal;
  private readonly receipts: ReceiptTeller;
  private ownContactId: string | null = null;
  private visible = true;
  private freshAt = 0;
  private readonly attempts = new Map<string, number>();
  private catchUpTimer: ReturnType<typeof setInterval> | null = null;
  private typingTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: ChatClientOptions) {
    const { origin, inboxKey, store, newId, lock } = options;
    this.keys = storageKeys(inboxKey);
    this.memory = new VisitorMemory(store, inboxKey);
    this.outbox = new Outbox(store, this.keys.outbox, newId);
    this.sender = new Sender({
      outbox: this.outbox,
      lock,
      send: (entry) => this.deliver(entry),
      ready: () => this.connection.connected,
      onChange: () => this.refreshOutbox(),
    });
    this.session = new SessionKeeper({
      origin,
      inboxKey,
      memory: this.memory,
      page: options.page,
      onSession: (data) => this.onSession(data),
      onUnavailable: () => this.onUnavailable(),
      onIdentityRefused: () => options.emit('error', { message: STRINGS.errors.identity }),
      onAttributesRefused: () => options.emit('error', { message: STRINGS.errors.attributes }),
    });
    this.connection = createConnection(origin, () => this.memory.token ?? '', this.connectionHandlers());
    this.catchUp = new CatchUp({
      getThread: () => this.state.thread,
      setThread: (thread) => this.setThread(thread),
      history: () => this.memory.conversationIds,
      onGone: (id) => this.memory.forget(id),
      ask: (input) => this.connection.ask('sync', input),
    });
    this.receipts = new ReceiptTeller({ connection: this.connection, now: () => this.receiptState() });
    this.typing = new TypingSignal((isTyping) => this.tellTyping(isTyping));
    this.state = { ...INITIAL_STATE, outbox: this.outbox.list() };
  }

  getState(): ChatState {
    return this.state;
  }

  /** The token under which files are uploaded; null before the session is there. */
  get token(): string | null {
    return this.memory.token;
  }

  /** Calls `listener` after every change; answers how to stop that. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Opens the session, once, or takes over one that was just opened; `identity` as in `identify`. */
  start(identity: Identity | null = null, session: VisitorSession | null = null): void {
    if (this.state.connectivity !== 'idle') return;
    this.session.identify(identity);
    this.change({ connectivity: 'connecting' });
    if (session === null) this.session.renew();
    else this.session.adopt(session);
  }

  open(): void {
    if (this.state.open) return;
    this.start();
    this.change({ open: true });
    this.options.emit('open', null);
    this.refreshIfStale();
  }

  close(): void {
    if (!this.state.open) return;
    this.typing.stop();
    this.change({ open: false });
    this.options.emit('close', null);
  }

  /** The site vouches for its user: from now on the session is theirs, with their history. */
  identify(identity: Identity): void {
    this.session.identify(identity);
    this.change({ connectivity: 'connecting' });
    this.session.renew();
  }

  /** Stores facts about the visitor with their contact, as soon as there is a session. */
  setAttributes(attributes: Record<string, string>): void {
    this.session.saveAttributes(attributes);
  }

  /** Whether the page is in sight; nothing is read while it is not. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible && this.state.open) this.refreshIfStale();
    if (visible) this.retryNow();
  }

  /** The network is back, or the visitor does not want to wait: shortens any wait. */
  retryNow(): void {
    if (this.session.waiting) this.session.renew();
    else if (this.state.connectivity === 'offline') this.reconnect();
  }

  /** Puts a message into the outbox and sends it as soon as its turn comes. */
  send(draft: Draft): void {
    this.typing.stop();
    this.outbox.add(draft);
    this.refreshOutbox();
    this.sender.wake();
  }

  /** Sends a refused message again. */
  retry(clientMessageId: string): void {
    this.attempts.delete(clientMessageId);
    this.outbox.retry(clientMessageId);
    this.refreshOutbox();
    this.sender.wake();
  }

  discard(clientMessageId: string): void {
    this.outbox.remove(clientMessageId);
    this.refreshOutbox();
  }

  /** The visitor has changed the text that they are writing. */
  typed(text: string): void {
    this.typing.changed(text);
  }

  /** The team's message with this `orderAt` is on screen. Counts only while the chat is open and in sight. */
  seen(orderAt: number): void {
    if (!this.state.open || !this.visible || orderAt <= this.memory.readUpTo) return;
    this.memory.readUpTo = orderAt;
    this.refreshUnread();
    void this.receipts.flush();
  }

  /** Another tab has changed what is stored under `key`; null: everything. */
  storageChanged(key: string | null): void {
    if (key === null || key.startsWith(this.keys.outbox)) {
      this.refreshOutbox();
      this.sender.wake();
    }
    if (key === null || key === this.keys.read) this.refreshUnread();
    if (this.session.behind) {
      // The latest word counts; ours would only start a quarrel.
      this.session.identify(null);
      this.session.renew();
    }
  }

  /** A signed address no longer works: reads all of them anew. */
  refresh(): void {
    if (Date.now() - this.freshAt < 15_000) return;
    this.freshAt = Date.now();
    void this.runCatchUp(true);
  }

  /** Ends everything. The client cannot be used after that. */
  stop(): void {
    this.typing.stop();
    this.sender.stop();
    this.session.stop();
    this.stopTimers();
    this.connection.close();
    this.listeners.clear();
  }

  private onSession(data: VisitorSession): void {
    const another = this.ownContactId !== null && this.ownContactId !== data.contactId;
    this.ownContactId = data.contactId;
    if (another) this.receipts.reset();
    const before = another ? EMPTY_THREAD : this.state.thread;
    const thread =
      data.conversation === null ? before : applyConversation(before, data.conversation, { current: true });
    this.change({ ...(another ? { loaded: false } : {}), inboxName: data.inbox.name });
    this.setThread(thread);
    this.reconnect();
  }

  private reconnect(): void {
    this.connection.close();
    this.connection.open();
  }

  private onUnavailable(): void {
    this.change({ connectivity: 'unavailable' });
    this.options.emit('error', { message: STRINGS.errors.unavailable });
  }

  private connectionHandlers(): Parameters<typeof createConnection>[2] {
    const live = (event: LiveEvent): void => this.onLive(event);
    return {
      onUp: () => this.onUp(),
      onDown: () => this.onDown(),
      onRefused: () => this.session.renewLater(),
      events: {
        agent_message: (event) => {
          this.setAgentTyping(false);
          live(event);
        },
        message_created: live,
        message_updated: live,
        message_sent: live,
        agent_assigned: live,
        ticket_status_change: live,
        conversation_updated: live,
        agent_typing: ({ conversationId, isTyping }) => {
          if (conversationId === this.state.thread.currentId) this.setAgentTyping(isTyping);
        },
        error: (error) => this.options.emit('error', { message: error.message }),
      },
    };
  }

  private onUp(): void {
    this.session.settled();
    this.change({ connectivity: 'online' });
    this.stopTimers();
    this.catchUpTimer = setInterval(() => void this.runCatchUp(false), TIMING.catchUpEvery);
    void this.runCatchUp(false);
    this.sender.wake();
    void this.receipts.flush();
  }

  private onDown(): void {
    this.stopTimers();
    this.setAgentTyping(false);
    if (this.state.connectivity !== 'unavailable') this.change({ connectivity: 'offline' });
  }

  private onLive(event: LiveEvent): void {
    const unknown = this.state.thread.conversations[event.conversation.id] === undefined;
    this.setThread(applyLive(this.state.thread, event));
    if (unknown) void this.runCatchUp(false);
  }

  private async runCatchUp(fresh: boolean): Promise<void> {
    if (!this.connection.connected) return;
    const first = !this.state.loaded;
    try {
      await this.catchUp.run({ fresh });
    } catch {
      return; // The connection broke; the next one catches up again.
    }
    if (fresh || first) this.freshAt = Date.now();
    if (!this.state.loaded) this.change({ loaded: true });
    const current = this.state.thread.currentId;
    const number = current === null ? null : (this.state.thread.conversations[current]?.conversation.number ?? null);
    if (first) this.options.emit('ready', { conversationNumber: number });
  }

  private refreshIfStale(): void {
    const hasFiles = this.state.thread.messages.some((message) => message.attachments.length > 0);
    if (hasFiles && Date.now() - this.freshAt > FRESH_FOR) this.refresh();
  }

  private async deliver(entry: OutboxEntry): Promise<SendOutcome> {
    const attempt = this.attempts.get(entry.clientMessageId) ?? 0;
    this.attempts.set(entry.clientMessageId, attempt + 1);
    try {
      const ack = await this.connection.ask('customer_message', {
        clientMessageId: entry.clientMessageId,
        ...(entry.text === null ? {} : { text: entry.text }),
        ...(entry.payload === null ? {} : { payload: entry.payload }),
        ...(entry.replyTo === null ? {} : { replyToMessageId: entry.replyTo.messageId }),
        ...(entry.attachments.length === 0 ? {} : { attachmentIds: entry.attachments.map(({ id }) => id) }),
      });
      if (!ack.ok) return judgeRefusal(ack.error, attempt);
      this.outbox.remove(entry.clientMessageId);
      this.onLive(ack.data);
      return { kind: 'stored' };
    } catch {
      return { kind: 'later', waitMs: this.connection.connected ? backoff(attempt) : 0 };
    } finally {
      this.refreshOutbox();
    }
  }

  private receiptState(): ReturnType<ConstructorParameters<typeof ReceiptTeller>[0]['now']> {
    const { currentId, messages } = this.state.thread;
    return currentId === null ? null : { conversationId: currentId, messages, readUpTo: this.memory.readUpTo };
  }

  private setThread(thread: Thread): void {
    const before = this.state.thread;
    if (thread === before) return;
    for (const { clientMessageId } of thread.messages) {
      if (clientMessageId !== null && this.state.outbox.some((entry) => entry.clientMessageId === clientMessageId)) {
        this.outbox.remove(clientMessageId);
      }
    }
    this.memory.remember(Object.keys(thread.conversations));
    const told = this.state.unread;
    const next = withThread({ ...this.state, outbox: this.outbox.list() }, thread, this.memory.readUpTo);
    this.change(next);
    if (next.unread !== told) this.options.emit('unread', { count: next.unread });
    if (this.state.loaded) {
      for (const { sender, text } of newMessages(before, thread)) {
        this.options.emit('message', { from: sender.type === 'contact' ? 'visitor' : 'team', text });
      }
    }
    void this.receipts.flush();
  }

  private refreshOutbox(): void {
    this.change({ outbox: this.outbox.list() });
  }

  private refreshUnread(): void {
    const unread = countUnread(this.state.thread.messages, this.memory.readUpTo);
    if (unread === this.state.unread) return;
    this.change({ unread });
    this.options.emit('unread', { count: unread });
  }

  private setAgentTyping(agentTyping: boolean): void {
    if (this.typingTimer !== null) clearTimeout(this.typingTimer);
    this.typingTimer = agentTyping ? setTimeout(() => this.setAgentTyping(false), TIMING.typingLasts) : null;
    if (this.state.agentTyping !== agentTyping) this.change({ agentTyping });
  }

  private tellTyping(isTyping: boolean): void {
    // Lost typing marks need no repair: they expire on the other side.
    this.connection.ask('customer_typing', { isTyping }).catch(() => undefined);
  }

  private stopTimers(): void {
    if (this.catchUpTimer !== null) clearInterval(this.catchUpTimer);
    if (this.typingTimer !== null) clearTimeout(this.typingTimer);
    this.catchUpTimer = null;
    this.typingTimer = null;
  }

  private change(part: Partial<ChatState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of [...this.listeners]) listener();
  }
}
