import type { RefusalReason } from '../../shared/reply-policy.js';

const REFUSALS: Record<RefusalReason, (closedAt: number | null) => string> = {
  window_closed: (closedAt) =>
    `The reply window closed${closedAt === null ? '' : ` at ${new Date(closedAt).toISOString()}`}. You can answer again as soon as the customer writes.`,
  no_contact_yet: () => 'The customer has to write first.',
  blocked: () => 'This contact is blocked.',
  disconnected: () => 'This inbox is disconnected. Connect it again in the settings.',
  archived: () => 'This conversation is closed. The customer’s next message opens a new one.',
};

/** The sentence for a refusal of the reply policy. */
export const refusalSentence = (reason: RefusalReason, closedAt: number | null): string => REFUSALS[reason](closedAt);
