import type { ReplyContext } from './schemas/conversation.js';

/** Why a reply is refused; the composer turns it into a sentence. */
export type RefusalReason = 'window_closed' | 'no_contact_yet' | 'blocked' | 'disconnected' | 'archived';

/** What the policy decides for one message (DESIGN 5). Times are milliseconds since the epoch. */
export type ReplyDecision =
  | { kind: 'response'; until: number | null }
  | { kind: 'human_agent'; until: number }
  | { kind: 'refuse'; reason: RefusalReason; closedAt: number | null };

/**
 * Decides whether and how a reply may leave now. The composer, the API and the worker (again, at send time) call this one
 * function, so that nobody promises what another refuses.
 */
export function decideReply(context: ReplyContext, speaker: 'agent' | 'bot', now: number): ReplyDecision {
  if (context.closed) return { kind: 'refuse', reason: 'archived', closedAt: null };
  if (context.blocked) return { kind: 'refuse', reason: 'blocked', closedAt: null };
  if (context.disconnected) return { kind: 'refuse', reason: 'disconnected', closedAt: null };
  if (context.windowMs === null) return { kind: 'response', until: null };
  if (context.lastInboundAt === null) return { kind: 'refuse', reason: 'no_contact_yet', closedAt: null };

  const responseUntil = context.lastInboundAt + context.windowMs;
  if (now < responseUntil) return { kind: 'response', until: responseUntil };

  const humanUntil = context.humanAgentMs === null ? responseUntil : context.lastInboundAt + context.humanAgentMs;
  if (speaker === 'agent' && now < humanUntil) return { kind: 'human_agent', until: humanUntil };
  return { kind: 'refuse', reason: 'window_closed', closedAt: speaker === 'agent' ? humanUntil : responseUntil };
}
