import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { Page } from '../../../src/shared/schemas/paging.js';
import type { ThreadSync } from '../../../src/shared/schemas/sync.js';
import { newerConversation, type IncomingConversation } from './conversation.js';
import { compareReading, mergeMessages, type ReadingPosition } from './messages.js';

/** One page of a thread with the revision that was read before it. */
export type ThreadPage = Page<MessageDto> & { rev: number };

/** What the inbox holds of one conversation. */
export interface ThreadState {
  conversation: ConversationRowDto;
  /** In reading order. May hold messages before `floor`, which are not shown because what lies between is not loaded. */
  messages: MessageDto[];
  /** Where the loaded history begins; null: at the first message. */
  floor: ReadingPosition | null;
  /** Asks for the page before `floor`; null: there is none. */
  olderCursor: string | null;
  /** Catch-up cursor. Only answers to a catch-up or the opening page move it, live events never (PROTOCOLS 4). */
  rev: number;
}

/** A thread from its newest page. */
export function openThread(conversation: ConversationRowDto, page: ThreadPage): ThreadState {
  return {
    conversation,
    messages: mergeMessages([], page.items),
    floor: floorOf(page),
    olderCursor: page.cursor,
    rev: page.rev,
  };
}

/** Applies the answer to a catch-up. Answers may overtake each other, so the cursor never moves back. */
export function applyThreadSync(state: ThreadState, sync: ThreadSync): ThreadState {
  return {
    ...state,
    conversation: newerConversation(state.conversation, sync.conversation),
    messages: mergeMessages(state.messages, sync.messages),
    rev: Math.max(state.rev, sync.rev),
  };
}

/** Applies a live event, which may be late, early or a repetition, and leaves the cursor alone. */
export function applyLive(
  state: ThreadState,
  live: { conversation?: IncomingConversation; message?: MessageDto },
): ThreadState {
  return {
    ...state,
    conversation:
      live.conversation === undefined ? state.conversation : newerConversation(state.conversation, live.conversation),
    messages: live.message === undefined ? state.messages : mergeMessages(state.messages, [live.message]),
  };
}

/** Adds the page before the loaded history. The cursor stays: an older page proves nothing about what changed since. */
export function prependPage(state: ThreadState, page: ThreadPage): ThreadState {
  return {
    ...state,
    messages: mergeMessages(state.messages, page.items),
    floor: page.cursor === null ? null : (floorOf(page) ?? state.floor),
    olderCursor: page.cursor,
  };
}

/** Takes a re-read newest page (younger file addresses). When it no longer touches the held history, starts over with it. */
export function refreshThread(state: ThreadState, conversation: ConversationRowDto, page: ThreadPage): ThreadState {
  const last = state.messages.at(-1);
  const first = page.items[0];
  const touches = page.cursor === null || (last && first && compareReading(first, last) <= 0);
  if (!touches) return openThread(newerConversation(state.conversation, conversation), page);
  return {
    ...state,
    conversation: newerConversation(state.conversation, conversation),
    messages: mergeMessages(state.messages, page.items),
  };
}

/** The messages to show: everything from the floor on, without what turned out to be a second copy of another. */
export function visibleMessages({ floor, messages }: ThreadState): MessageDto[] {
  return messages.filter((message) => !message.removed && (floor === null || compareReading(message, floor) >= 0));
}

/** The last revision of a contact's message on hand, for read marks; 0: none. */
export function lastContactSeq(messages: readonly MessageDto[]): number {
  return messages.reduce((seq, message) => (message.sender.type === 'contact' ? Math.max(seq, message.seq) : seq), 0);
}

function floorOf(page: ThreadPage): ReadingPosition | null {
  const first = page.items[0];
  return page.cursor === null || first === undefined ? null : { orderAt: first.orderAt, tieKey: first.tieKey };
}

/** The newest answer to the customer that somebody else gave after a revision; null: none is on hand. */
export function answerSince(state: ThreadState, rev: number, readerId: string): MessageDto | null {
  const answers = state.messages.filter(
    ({ kind, seq, sender, removed }) =>
      kind === 'message' &&
      !removed &&
      seq > rev &&
      sender.type !== 'contact' &&
      sender.type !== 'system' &&
      sender.id !== readerId,
  );
  return answers.at(-1) ?? null;
}
