import type { ConversationDto } from '../../../src/shared/dto.js';
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

/** Says that sends of the inbox wait, why and how long; null: they do not. A hold whose time has passed is none. */
export function holdText(hold: ConversationDto['hold'], now: number): string | null {
  if (hold === null) return null;
  if (hold.until === null) return strings.window.hold(hold.reason);
  return hold.until <= now ? null : strings.window.holdUntil(hold.reason, momentText(hold.until, now));
}

function refusalText(decision: Extract<ReplyDecision, { kind: 'refuse' }>, now: number): string {
  if (decision.reason !== 'window_closed') return strings.window.refusals[decision.reason];
  return strings.window.closed(momentText(decision.closedAt ?? now, now));
}
