import type { ConversationDto } from '../../../src/shared/schemas/conversation.js';
import { decideReply, type ReplyDecision } from '../../../src/shared/reply-policy.js';
import { strings } from '../strings.js';
import { durationText, momentText } from './time.js';

/** What the composer says about replying now. */
export interface ReplyNotice {
  canReply: boolean;
  /** `quiet`: for information; `hint`: worth knowing before writing; `closed`: no reply can leave. */
  tone: 'quiet' | 'hint' | 'closed';
  /** Null: nothing worth saying. */
  text: string | null;
}

const HURRY_BELOW = 60 * 60_000;

/** Turns the shared reply policy's decision for a person into a sentence. `now` in milliseconds. */
export function replyNotice(conversation: Pick<ConversationDto, 'reply'>, now: number): ReplyNotice {
  const decision = decideReply(conversation.reply, 'agent', now);
  if (decision.kind === 'refuse') return { canReply: false, tone: 'closed', text: refusalText(decision, now) };
  if (decision.until === null) return { canReply: true, tone: 'quiet', text: null };

  const remaining = decision.until - now;
  const left = durationText(remaining);
  if (decision.kind === 'human_agent') return { canReply: true, tone: 'hint', text: strings.window.humanAgent(left) };
  return { canReply: true, tone: remaining < HURRY_BELOW ? 'hint' : 'quiet', text: strings.window.open(left) };
}

/** What a code looks like, as opposed to a sentence. */
const CODE = /^[\w.:-]*$/;

/** Why sends of an inbox wait; null: they do not. A hold whose time has passed is none. */
export function holdReason(hold: ConversationDto['hold'], now: number): string | null {
  if (hold === null || (hold.until !== null && hold.until <= now)) return null;
  const known = strings.window.holds[hold.reason];
  if (known !== undefined) return known;
  if (CODE.test(hold.reason)) return strings.window.holdUnknown;
  return /[.!?]$/.test(hold.reason) ? hold.reason : `${hold.reason}.`;
}

/** Says why sends of the inbox wait and what becomes of the messages; null: they do not. */
export function holdText(hold: ConversationDto['hold'], now: number): string | null {
  const reason = holdReason(hold, now);
  if (reason === null) return null;
  const until = hold?.until ?? null;
  const kept = until === null ? strings.window.holdKept : strings.window.holdKeptUntil(momentText(until, now));
  return `${reason} ${kept}`;
}

function refusalText(decision: Extract<ReplyDecision, { kind: 'refuse' }>, now: number): string {
  if (decision.reason !== 'window_closed') return strings.window.refusals[decision.reason];
  return strings.window.closed(momentText(decision.closedAt ?? now, now));
}
