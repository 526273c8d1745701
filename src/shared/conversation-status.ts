/** Every status of a conversation, in the order of its usual life (SPEC 1). */
export const CONVERSATION_STATUSES = [
  'open',
  'assigned',
  'in_progress',
  'pending',
  'snoozed',
  'resolved',
  'reopened',
  'closed',
] as const;

export type ConversationStatus = (typeof CONVERSATION_STATUSES)[number];

/** Who moves a conversation: a person of the team, the customer, or the hub itself (a timer, a rule, the platform). */
export type Mover = 'staff' | 'customer' | 'system';

interface Rule {
  from: readonly ConversationStatus[];
  by: readonly Mover[];
}

const ACTIVE = ['open', 'assigned', 'in_progress', 'pending', 'snoozed', 'reopened'] as const;
const TEAM = ['staff', 'system'] as const;
const ANYBODY = ['staff', 'customer', 'system'] as const;

const activeBut = (status: ConversationStatus): readonly ConversationStatus[] =>
  ACTIVE.filter((other) => other !== status);

/** The one table of legal moves: into which status, from which, by whom. What is not here is refused with `INVALID_TRANSITION`. */
export const TRANSITIONS: Readonly<Record<ConversationStatus, Rule>> = {
  /** By the customer: who writes while nobody holds it makes it open again. */
  open: { from: activeBut('open'), by: ANYBODY },
  assigned: { from: activeBut('assigned'), by: TEAM },
  in_progress: { from: activeBut('in_progress'), by: ANYBODY },
  pending: { from: activeBut('pending'), by: TEAM },
  snoozed: { from: activeBut('snoozed'), by: TEAM },
  resolved: { from: ACTIVE, by: ANYBODY },
  reopened: { from: ['resolved'], by: ANYBODY },
  closed: { from: [...ACTIVE, 'resolved'], by: TEAM },
};

/** Whether a status says the truth about the holder (SPEC 1): nobody holds what is open, somebody what is being worked on. */
export function fitsHolder(status: ConversationStatus, held: boolean): boolean {
  if (status === 'open') return !held;
  return held || (status !== 'assigned' && status !== 'in_progress');
}

/**
 * Whether somebody may move a conversation from one status to another while somebody holds it, or nobody does. Staying is no move and
 * is refused.
 */
export const canTransition = (
  from: ConversationStatus,
  to: ConversationStatus,
  held: boolean,
  by: Mover = 'staff',
): boolean => TRANSITIONS[to].from.includes(from) && TRANSITIONS[to].by.includes(by) && fitsHolder(to, held);

/** Whether the team still has work with a conversation of this status (it stands in the open views). */
export const isActive = (status: ConversationStatus): boolean => status !== 'resolved' && status !== 'closed';

/** Whether a conversation of this status counts as load of the agent who holds it (DESIGN 7). */
export const countsAsLoad = (status: ConversationStatus): boolean =>
  status === 'assigned' || status === 'in_progress' || status === 'reopened';

/** What the customer's message makes of a status. */
export function statusAfterCustomer(status: ConversationStatus, isHeld: boolean): ConversationStatus {
  if (status === 'resolved') return 'reopened';
  if (status !== 'pending' && status !== 'snoozed') return status;
  return isHeld ? 'in_progress' : 'open';
}

/** What a person's answer makes of a status: it takes the conversation up, unless that is finished. */
export const statusAfterAnswer = (status: ConversationStatus): ConversationStatus =>
  isActive(status) ? 'in_progress' : status;

/** Where giving a conversation to somebody, or taking it from its holder, leaves its status. */
export function statusAfterAssignment(from: ConversationStatus, held: boolean): ConversationStatus {
  if (fitsHolder(from, held)) return from;
  return held ? 'assigned' : 'open';
}
