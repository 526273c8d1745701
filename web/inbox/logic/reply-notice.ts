import type { ConversationDto } from '../../../src/shared/dto.js';
import { decideReply, type ReplyDecision } from '../../../src/shared/reply-policy.js';
import { textFor, type Words } from '../i18n/instance.js';
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
export function replyNotice(words: Words, conversation: Pick<ConversationDto, 'reply'>, now: number): ReplyNotice {
  const decision = decideReply(conversation.reply, 'agent', now);
  if (decision.kind === 'refuse') return { canReply: false, tone: 'closed', text: refusalText(words, decision, now) };
  if (decision.until === null) return { canReply: true, tone: 'quiet', text: null };

  const remaining = decision.until - now;
  const left = durationText(words, remaining);
  if (decision.kind === 'human_agent')
    return { canReply: true, tone: 'hint', text: words.t('reply:humanAgent', { left }) };
  return {
    canReply: true,
    tone: remaining < HURRY_BELOW ? 'hint' : 'quiet',
    text: words.t('reply:open', { left }),
  };
}

/** What a code looks like, as opposed to a sentence. */
const CODE = /^[\w.:-]*$/;

/**
 * Why sends of an inbox wait; null: they do not. A hold whose time has passed is none. Channels may bring sentences of their
 * own, which are shown as they are.
 */
export function holdReason(words: Words, hold: ConversationDto['hold'], now: number): string | null {
  if (hold === null || (hold.until !== null && hold.until <= now)) return null;
  const known = textFor(words, 'reply:hold.', hold.reason);
  if (known !== null) return known;
  if (CODE.test(hold.reason)) return words.t('reply:hold.unknown');
  return /[.!?]$/.test(hold.reason) ? hold.reason : `${hold.reason}.`;
}

/** Says why sends of the inbox wait and what becomes of the messages; null: they do not. */
export function holdText(words: Words, hold: ConversationDto['hold'], now: number): string | null {
  const reason = holdReason(words, hold, now);
  if (reason === null) return null;
  const until = hold?.until ?? null;
  return until === null
    ? words.t('reply:kept', { reason })
    : words.t('reply:keptUntil', { reason, when: momentText(words, until, now) });
}

function refusalText(words: Words, decision: Extract<ReplyDecision, { kind: 'refuse' }>, now: number): string {
  const when = momentText(words, decision.closedAt ?? now, now);
  return words.t(`reply:refusal.${decision.reason}`, { when });
}
