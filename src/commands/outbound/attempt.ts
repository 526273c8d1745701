import { ChannelError } from '../../../channels/errors.js';
import type { ChannelAdapter, OutboundPart } from '../../../channels/types.js';
import type { Attachment, Contact, ContactIdentity, Inbox, Message, MessagePart } from '../../models/index.js';
import type { Hub } from '../../hub.js';
import { formatMetadata } from './metadata.js';

/** The call of a part is given up this long after `startedAt`; checked again right before it is made. Milliseconds (PROTOCOLS 7). */
export const CALL_DEADLINE = 10_000;
/**
 * When an unknown outcome is looked up for the first times (PROTOCOLS 8): in a busy thread what went out is soon out of sight, so it
 * is looked for early. Milliseconds after `startedAt`.
 */
export const EARLY_LOOKS = [2_000, 8_000] as const;

/** All that one step of an outbound message is about, read once at the door (`resolveAttempt`) and handed from step to step. */
export interface Attempt {
  hub: Hub;
  message: Message;
  /** The first part that is not done yet. */
  part: MessagePart;
  inbox: Inbox;
  channel: ChannelAdapter;
  /** Whom it goes to; null: they are gone. */
  identity: ContactIdentity | null;
  contact: Pick<Contact, 'blocked'> | null;
  /** The file that it sends; null: a text. */
  file: Attachment | null;
  /** What the platform is given; of a file, with the upload that may be used again. */
  content: OutboundPart['content'];
}

/** What became of a step; `settlePart` writes down what follows. */
export type Outcome =
  /** The platform took it, as its answer or a look-up says. */
  | { kind: 'accepted'; externalId: string; acceptedAt: Date; sentTo: string; holdUntil?: number }
  /** It will never be sent. */
  | { kind: 'refused'; error: NonNullable<MessagePart['error']> }
  /** A call has failed. */
  | { kind: 'failed'; fault: ChannelError }
  /** Whether it arrived cannot be told yet. */
  | { kind: 'unclear'; lookAgainAt: Date; lookups: number }
  /** Whether it arrived will never be known. */
  | { kind: 'unconfirmed' };

/** The attempt's part as the adapter is given it. */
export const outboundPart = ({ hub, message, part, content }: Attempt, recipientId: string): OutboundPart => ({
  metadata: formatMetadata(hub.installId, { message: message._id, n: part.n, attemptId: part.attemptId ?? '' }),
  recipientId,
  policy: part.policy ?? 'response',
  content,
});

/** Selects the part in an update, as long as it is where this attempt left it. */
export const asLeft = ({ message, part }: Attempt, states: MessagePart['state'][] = [part.state]) => ({
  filter: {
    _id: message._id,
    parts: { $elemMatch: { n: part.n, attemptId: part.attemptId ?? null, state: { $in: states } } },
  },
  options: { arrayFilters: [{ 'p.n': part.n }] },
});

/** Whatever is thrown by a call that may have been made leaves its outcome unknown. */
export const asChannelError = (error: unknown): ChannelError =>
  error instanceof ChannelError
    ? error
    : new ChannelError('unknown_outcome', 'The platform did not say whether this was sent.', { cause: error });
