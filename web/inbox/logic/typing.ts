import { TIMING } from '../../../src/shared/limits.js';

/** Who types where, and since when it was last said. */
export interface TypingMark {
  conversationId: string;
  /** `contact`, or the id of a colleague. */
  who: string;
  name: string;
  /** When the mark disappears by itself, in milliseconds. */
  until: number;
}

/** Sets, renews or clears a mark. */
export function markTyping(
  marks: readonly TypingMark[],
  mark: Omit<TypingMark, 'until'>,
  isTyping: boolean,
  now: number,
): TypingMark[] {
  const others = marks.filter((held) => !(held.conversationId === mark.conversationId && held.who === mark.who));
  return isTyping ? [...others, { ...mark, until: now + TIMING.typingLasts }] : others;
}

/** The marks that still hold. Answers the same array when all do. */
export function liveMarks(marks: readonly TypingMark[], now: number): readonly TypingMark[] {
  const live = marks.filter((mark) => mark.until > now);
  return live.length === marks.length ? marks : live;
}
