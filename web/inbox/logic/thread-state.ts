import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { ThreadPage, ThreadSync } from '../../../src/shared/schemas/sync.js';
import {
  compareReading,
  cursorAfter,
  mergeMessages,
  shownMessages,
  type ReadingPosition,
} from '../../../src/shared/thread-order.js';
import { newerConversation, type IncomingConversation } from './conversation.js';

/** What the inbox holds of one conversation. */
export interface ThreadState {
  conversation: ConversationRowDto;
  /** In reading order. May hold messages before `floor`, which are not shown because what lies between is not loaded. */
  messages: readonly MessageDto[];
  /** Where the loaded history begins; null: at the first message. */
  floor: ReadingPosition | null;
  /** Asks for the page before `floor`; null: there is none. */
  olderCursor: string | null;
  /** Catch-up cursor. Only answers to a catch-up or the opening page move it, live events never (PROTOCOLS 4). */
  rev: number;
}

/** Of equal revisions the incoming copy stays, because its signed file addresses are younger. */
const merge = (held: readonly MessageDto[], incoming: readonly MessageDto[]): readonly MessageDto[] =>
  mergeMessages(held, incoming, 'incoming');

/** A thread from its newest page. */
export function openThread(conversation: ConversationRowDto, page: ThreadPage): ThreadState {
  return {
    conversation,
    messages: merge([], page.items),
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
    messages: merge(state.messages, sync.messages),
    rev: cursorAfter(state.rev, sync),
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
    messages: live.message === undefined ? state.messages : merge(state.messages, [live.message]),
  };
}

/** Adds the page before the loaded history. The cursor stays: an older page proves nothing about what changed since. */
export function prependPage(state: ThreadState, page: ThreadPage): ThreadState {
  return {
    ...state,
    messages: merge(state.messages, page.items),
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
    messages: merge(state.messages, page.items),
  };
}

/** The messages to show: everything from the floor on, without what turned out to be a second copy of another. */
export function visibleMessages({ floor, messages }: ThreadState): MessageDto[] {
  return shownMessages(messages).filter((message) => floor === null || compareReading(message, floor) >= 0);
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
