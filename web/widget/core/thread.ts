import type { CustomerConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import type { CustomerSync } from '../../../src/shared/schemas/sync.js';
import { cursorAfter, mergeMessages, supersedes } from '../../../src/shared/thread-order.js';

/** One conversation as the widget knows it; `cursor` is the revision up to which catch-up has answered. */
export interface KnownConversation {
  readonly conversation: CustomerConversationDto;
  readonly cursor: number;
}

/**
 * Everything the visitor sees, as one immutable value: the current conversation, the closed ones before it, and the
 * messages of all of them in reading order.
 */
export interface Thread {
  readonly conversations: Readonly<Record<string, KnownConversation>>;
  /** The conversation that the next message will land in, as far as known. */
  readonly currentId: string | null;
  readonly messages: readonly CustomerMessageDto[];
}

export const EMPTY_THREAD: Thread = { conversations: {}, currentId: null, messages: [] };

/** The conversation that is on, or null while the visitor has none. */
export const currentConversation = (thread: Thread): CustomerConversationDto | null =>
  thread.currentId === null ? null : (thread.conversations[thread.currentId]?.conversation ?? null);

/** The catch-up cursor of a conversation; 0 asks for all of it. */
export const cursorOf = (thread: Thread, conversationId: string | null): number =>
  conversationId === null ? 0 : (thread.conversations[conversationId]?.cursor ?? 0);

/**
 * Takes messages in by higher revision. `acceptEqual` also replaces a copy of the same revision: a deliberate re-read
 * brings fresh signed addresses for unchanged messages. Returns the same value when nothing changed.
 */
export function applyMessages(
  thread: Thread,
  incoming: readonly CustomerMessageDto[],
  { acceptEqual = false }: { acceptEqual?: boolean } = {},
): Thread {
  const messages = mergeMessages(thread.messages, incoming, acceptEqual ? 'incoming' : 'held');
  return messages === thread.messages ? thread : { ...thread, messages };
}

/**
 * Takes a conversation in by higher version. Without a word on `current`, one that was not known before is the newest (a
 * new one begins only after the last was closed) and becomes current. `true`: the server says it is the current one;
 * `false`: an earlier one, which stands in only while no other is known.
 */
export function applyConversation(
  thread: Thread,
  conversation: CustomerConversationDto,
  { current }: { current?: boolean } = {},
): Thread {
  const known = thread.conversations[conversation.id];
  const takesOver = thread.currentId === null || (current ?? known === undefined);
  const currentId = takesOver ? conversation.id : thread.currentId;
  if (known !== undefined && !supersedes(conversation.version, known.conversation.version, 'held')) {
    return currentId === thread.currentId ? thread : { ...thread, currentId };
  }
  const entry: KnownConversation = { conversation, cursor: known?.cursor ?? 0 };
  return { ...thread, currentId, conversations: { ...thread.conversations, [conversation.id]: entry } };
}

/** Leaves out a conversation that the server no longer shows to this visitor, with its messages. */
export function forgetConversation(thread: Thread, conversationId: string): Thread {
  const { [conversationId]: _gone, ...conversations } = thread.conversations;
  return {
    conversations,
    currentId: thread.currentId === conversationId ? null : thread.currentId,
    messages: thread.messages.filter((message) => message.conversationId !== conversationId),
  };
}

/** Applies a live event. It never moves the cursor: an earlier event may still be missing (PROTOCOLS 4). */
export function applyLive(
  thread: Thread,
  event: { conversation: CustomerConversationDto; message?: CustomerMessageDto },
): Thread {
  const next = applyConversation(thread, event.conversation);
  return event.message === undefined ? next : applyMessages(next, [event.message]);
}

/** Applies one page of catch-up; the only thing that moves a cursor, and never backwards. */
export function applySync(
  thread: Thread,
  answer: CustomerSync,
  options: { current?: boolean; acceptEqual?: boolean } = {},
): Thread {
  if (answer.conversation === null) return thread;
  const next = applyMessages(applyConversation(thread, answer.conversation, options), answer.messages, options);
  const entry = next.conversations[answer.conversation.id];
  if (entry === undefined) return next;
  const cursor = cursorAfter(entry.cursor, answer);
  if (cursor === entry.cursor) return next;
  const moved: KnownConversation = { ...entry, cursor };
  return { ...next, conversations: { ...next.conversations, [answer.conversation.id]: moved } };
}
