import { z } from 'zod';
import { CONVERSATION_STATUSES } from '../conversation-status.js';
import { PRIORITIES } from '../words.js';
import { count, hold, id, milliseconds, rev } from './basics.js';
import { contactDto } from './contact.js';
import { senderType } from './message.js';

const status = z.enum(CONVERSATION_STATUSES);

/** Everything the reply policy depends on besides the clock and the speaker; part of every conversation an agent sees. */
const replyContext = z.strictObject({
  /** Milliseconds after the contact's last message during which any reply may be sent; null: no limit. */
  windowMs: z.number().int().nullable(),
  /** Milliseconds during which a person (never a bot) may still answer; null: not enabled. */
  humanAgentMs: z.number().int().nullable(),
  /** When the contact last did something that opens the window; null: never. */
  lastInboundAt: milliseconds.nullable(),
  /** The contact or the account is blocked from conversation. */
  blocked: z.boolean(),
  /** The inbox has been disconnected for good; an expired token only holds sends, it does not refuse them. */
  disconnected: z.boolean(),
  /** The conversation is closed. */
  closed: z.boolean(),
});
export type ReplyContext = z.infer<typeof replyContext>;

/** A conversation as staff see it. */
export const conversationDto = z.strictObject({
  id: z.string(),
  /** `TKT-<n>` */
  number: z.string(),
  inbox: z.strictObject({ id: z.string(), name: z.string(), channel: z.string() }),
  contact: contactDto,
  status,
  priority: z.enum(PRIORITIES),
  subject: z.string().nullable(),
  /** Ids; one that names no label shows nothing. */
  labels: z.array(z.string()),
  assignee: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  /** The live thread of its identity. */
  current: z.boolean(),
  previousConversationId: z.string().nullable(),
  /** Last visible change, and last change of any kind; `version` decides which copy is newer. */
  rev: z.number().int(),
  version: z.number().int(),
  /** `note`: written for the team alone. */
  lastMessage: z.strictObject({ preview: z.string(), note: z.boolean(), senderType, at: milliseconds }).nullable(),
  lastActivityAt: milliseconds,
  createdAt: milliseconds,
  /** Messages of the contact so far; unread = this minus the reader's `readCount`. */
  contactMessageCount: count,
  /** What the contact's side has received and read: `acceptedAt` up to these. */
  deliveredUpTo: milliseconds,
  readUpTo: milliseconds,
  /** What the team has read: `orderAt` up to this. */
  teamReadUpTo: milliseconds,
  reply: replyContext,
  /** Why sends of this inbox wait just now; null: they do not. */
  hold: hold.nullable(),
  /** Whose turn the platform says it is; null: ours or unknown. */
  threadOwner: z.string().nullable(),
});
export type ConversationDto = z.infer<typeof conversationDto>;

/** A conversation in a list, with what only its reader knows. */
export const conversationRowDto = conversationDto.extend({ readCount: count });
export type ConversationRowDto = z.infer<typeof conversationRowDto>;

/** A conversation as its own customer may see it. */
export const customerConversationDto = z.strictObject({
  id: z.string(),
  number: z.string(),
  status,
  /** The first name of whoever holds it. */
  agentName: z.string().nullable(),
  rev: z.number().int(),
  version: z.number().int(),
  /** What the team has read of the customer's messages: `orderAt` up to this. */
  teamReadUpTo: milliseconds,
});
export type CustomerConversationDto = z.infer<typeof customerConversationDto>;

/** Which conversation a call is about, where no path says it. */
export const inConversation = z.strictObject({ conversationId: id });

/** Inputs of what is done to a conversation; null gives it back to the queue. */
export const assignInput = z.strictObject({ assigneeId: id.nullable() });
export const statusInput = z.strictObject({ status });
/** How far the caller has read. */
export const readInput = z.strictObject({ rev });

export const oneConversation = z.strictObject({ conversation: conversationDto });
export const readAnswer = z.strictObject({ readCount: count });
