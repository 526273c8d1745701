import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import { shownMessages } from '../../../src/shared/thread-order.js';
import { countUnread } from '../core/receipts.js';
import type { OutboxEntry } from '../core/outbox.js';
import { EMPTY_THREAD, type Thread } from '../core/thread.js';

/** `idle`: nothing asked for yet; `unavailable`: this page may not use the inbox. */
export type Connectivity = 'idle' | 'connecting' | 'online' | 'offline' | 'unavailable';

/** Everything the widget shows, as one immutable value. */
export interface ChatState {
  readonly open: boolean;
  readonly connectivity: Connectivity;
  readonly inboxName: string | null;
  readonly thread: Thread;
  /** The first catch-up has been answered: the thread is complete. */
  readonly loaded: boolean;
  readonly outbox: readonly OutboxEntry[];
  readonly agentTyping: boolean;
  readonly unread: number;
}

export const INITIAL_STATE: ChatState = {
  open: false,
  connectivity: 'idle',
  inboxName: null,
  thread: EMPTY_THREAD,
  loaded: false,
  outbox: [],
  agentTyping: false,
  unread: 0,
};

/** What a host page can listen to with `Switchboard('on', name, listener)`, and what its listener is given. */
export interface ChatEvents {
  ready: { conversationNumber: string | null };
  open: null;
  close: null;
  /** A new message; history that is loaded is not told. */
  message: { from: 'visitor' | 'team'; text: string | null };
  unread: { count: number };
  error: { message: string };
}

export type ChatEventName = keyof ChatEvents;
export type EmitChatEvent = <E extends ChatEventName>(name: E, data: ChatEvents[E]) => void;

/** The state with another thread, and the count of unread messages that follows from it. */
export const withThread = (state: ChatState, thread: Thread, readUpTo: number): ChatState => ({
  ...state,
  thread,
  unread: countUnread(thread.messages, readUpTo),
});

/** Messages to show of `after` that `before` did not have. */
export function newMessages(before: Thread, after: Thread): CustomerMessageDto[] {
  const known = new Set(before.messages.map((message) => message.id));
  return shownMessages(after.messages).filter((message) => !known.has(message.id));
}
