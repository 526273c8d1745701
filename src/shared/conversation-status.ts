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

/** Whether a conversation may move from one status to another. Staying is no move and is refused. */
export const canTransition = (from: ConversationStatus, to: ConversationStatus): boolean =>
  from !== to && TRANSITIONS[from].includes(to);

/** Whether the team still has work with a conversation of this status (it stands in the open views). */
export const isActive = (status: ConversationStatus): boolean => status !== 'resolved' && status !== 'closed';

/** Whether a conversation of this status counts as load of the agent who holds it (DESIGN 7). */
export const countsAsLoad = (status: ConversationStatus): boolean =>
  status === 'assigned' || status === 'in_progress' || status === 'reopened';
