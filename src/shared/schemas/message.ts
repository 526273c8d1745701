import { z } from 'zod';
import { LIMITS } from '../limits.js';
import { CUSTOMER_MESSAGE_KINDS, MESSAGE_KINDS, PART_STATES, SENDER_TYPES } from '../words.js';
import { attachmentDto } from './attachment.js';
import { count, id, labelled, milliseconds, rev } from './basics.js';

export const senderType = z.enum(SENDER_TYPES);
const partState = z.enum(PART_STATES);

const senderDto = z.strictObject({ type: senderType, id: z.string().nullable(), name: z.string() });
export type SenderDto = z.infer<typeof senderDto>;

/** What went wrong, by name; `params` fill the places of a translated sentence. */
const fault = z.strictObject({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
export type Fault = z.infer<typeof fault>;

const partDto = z.strictObject({
  n: count,
  kind: z.enum(['text', 'attachment']),
  state: partState,
  /** An English sentence for people when the part failed. */
  error: z.string().nullable(),
  /** The same for clients that translate: a code that names the sentence, and what it speaks of. */
  fault: fault.nullable(),
});
export type PartDto = z.infer<typeof partDto>;

const reactionDto = z.strictObject({ emoji: z.string(), by: z.enum(['contact', 'agent']) });
export type ReactionDto = z.infer<typeof reactionDto>;

/** An activity entry: `type` names it, `data` carries what a sentence needs. */
const activityDto = z.strictObject({
  type: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ActivityDto = z.infer<typeof activityDto>;

/** What staff and the customer see alike. */
const common = {
  id: z.string(),
  conversationId: z.string(),
  /** Revision of the message's birth and of its last change; `rev` decides which copy is newer. */
  seq: z.number().int(),
  rev: z.number().int(),
  /** Reading order: ascending `orderAt`, then `tieKey`. */
  orderAt: milliseconds,
  tieKey: z.string(),
  kind: z.enum(MESSAGE_KINDS),
  sender: senderDto,
  text: z.string().nullable(),
  attachments: z.array(attachmentDto),
  quickReplies: z.array(z.strictObject({ title: z.string(), payload: z.string() })),
  replyTo: z.strictObject({ messageId: z.string().nullable(), preview: z.string().nullable() }).nullable(),
  reactions: z.array(reactionDto),
  edited: z.boolean(),
  /** Taken back by its sender: text and attachments are gone. */
  unsent: z.boolean(),
  /** It was a second copy of another message: show it no more. */
  removed: z.boolean(),
  clientMessageId: z.string().nullable(),
};

/** A message as its own customer may see it. */
export const customerMessageDto = z.strictObject({ ...common, kind: z.enum(CUSTOMER_MESSAGE_KINDS) });
export type CustomerMessageDto = z.infer<typeof customerMessageDto>;

/** A message as staff see it. */
export const messageDto = z.strictObject({
  ...common,
  /** Null for what was not sent by us; watermarks of the conversation may raise it (see `deliveryOf`). */
  delivery: partState.nullable(),
  /** When the platform accepted the last part; null until then. Compared with the conversation's watermarks. */
  acceptedAt: milliseconds.nullable(),
  failure: z.string().nullable(),
  parts: z.array(partDto),
  /** How many attachments came with it that are not kept (SPEC 2.3). */
  moreAttachments: count,
  /** The platform made more than one message of it. */
  sentTwice: z.boolean(),
  /** What came with it: an ad, a product, a command. */
  context: labelled,
  activity: activityDto.nullable(),
});
export type MessageDto = z.infer<typeof messageDto>;

/** Chosen by the client, unique per sender: sending it again never makes a second message. */
const clientMessageId = z.string().min(1).max(LIMITS.clientMessageId);
const text = z.string().max(LIMITS.messageText);
const attachmentIds = z.array(id).max(LIMITS.filesPerMessage);

/** What a message of the team may carry; the same for REST and sockets. */
export const sendMessageInput = z.strictObject({
  text: text.optional(),
  clientMessageId: clientMessageId.optional(),
  attachmentIds: attachmentIds.optional(),
  /** A private note for the team. */
  note: z.boolean().optional(),
  replyToMessageId: id.optional(),
  quickReplies: z
    .array(z.strictObject({ title: z.string().min(1).max(40), payload: z.string().min(1).max(1_000) }))
    .max(13)
    .optional(),
  /** Last revision the writer has seen; with a newer answer of a colleague the send is refused with STALE_DRAFT. */
  lastSeenRev: rev.optional(),
  /** Send in spite of that. */
  force: z.boolean().optional(),
});

/** The same over a socket, where no path names the conversation. */
export const sendMessageCall = sendMessageInput.extend({ conversationId: id });
export type SendMessageInput = z.infer<typeof sendMessageCall>;

/** What a visitor's message may carry; `payload`: the quick reply that was tapped. */
export const customerMessageInput = z.strictObject({
  text: text.optional(),
  clientMessageId: clientMessageId.optional(),
  attachmentIds: attachmentIds.optional(),
  replyToMessageId: id.optional(),
  payload: z.string().max(1_000).optional(),
});

/** One message of the team's side. */
export const oneMessage = z.strictObject({ message: messageDto });
