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

const LIVE: readonly ConversationStatus[] = [
  'open',
  'assigned',
  'in_progress',
  'pending',
  'snoozed',
  'resolved',
  'closed',
];

/** The one table of legal moves; a move that is not here is refused with `INVALID_TRANSITION`. */
const TRANSITIONS: Record<ConversationStatus, readonly ConversationStatus[]> = {
  open: LIVE,
  assigned: LIVE,
  in_progress: LIVE,
  pending: LIVE,
  snoozed: LIVE,
  reopened: LIVE,
  resolved: ['reopened', 'closed'],
  closed: [],
};

/** Whether a status says the truth about the holder (SPEC 1): nobody holds what is open, somebody what is being worked on. */
export function fitsHolder(status: ConversationStatus, held: boolean): boolean {
  if (status === 'open') return !held;
  return held || (status !== 'assigned' && status !== 'in_progress');
}

/**
 * Whether a conversation may move from one status to another while somebody holds it, or nobody does. Staying is no move and is
 * refused.
 */
export const canTransition = (from: ConversationStatus, to: ConversationStatus, held: boolean): boolean =>
  from !== to && TRANSITIONS[from].includes(to) && fitsHolder(to, held);

/** Where giving a conversation to somebody, or taking it from its holder, leaves its status. */
export function statusAfterAssignment(from: ConversationStatus, held: boolean): ConversationStatus {
  if (fitsHolder(from, held)) return from;
  return held ? 'assigned' : 'open';
}

/** Whether the team still has work with a conversation of this status (it stands in the open views). */
export const isActive = (status: ConversationStatus): boolean => status !== 'resolved' && status !== 'closed';

/** Whether a conversation of this status counts as load of the agent who holds it (DESIGN 7). */
export const countsAsLoad = (status: ConversationStatus): boolean =>
  status === 'assigned' || status === 'in_progress' || status === 'reopened';
