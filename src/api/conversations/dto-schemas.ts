import { z } from 'zod';
import { CONVERSATION_STATUSES } from '../../shared/conversation-status.js';
import type { AttachmentDto, ConversationDto, ConversationRowDto, MessageDto } from '../../shared/dto.js';

/** What conversations and messages look like on the outside, as `src/shared/dto.ts` says, for the API document. */

const milliseconds = z.number().int();
const senderType = z.enum(['contact', 'agent', 'bot', 'system']);
const partState = z.enum(['queued', 'sending', 'sent', 'failed', 'unconfirmed']);
const labelled = z.array(z.strictObject({ label: z.string(), value: z.string() }));

export const attachmentDto = z.strictObject({
  id: z.string(),
  kind: z.enum([
    'image',
    'video',
    'audio',
    'file',
    'sticker',
    'link',
    'location',
    'template',
    'appointment',
    'unsupported',
  ]),
  name: z.string(),
  mimeType: z.string().nullable(),
  size: z.number().int().nullable(),
  state: z.enum(['pending', 'stored', 'failed', 'none']),
  url: z.string().nullable(),
  link: z.string().nullable(),
  details: labelled,
}) satisfies z.ZodType<AttachmentDto>;

export const messageDto = z.strictObject({
  id: z.string(),
  conversationId: z.string(),
  seq: z.number().int(),
  rev: z.number().int(),
  orderAt: milliseconds,
  tieKey: z.string(),
  kind: z.enum(['message', 'note', 'postback', 'activity']),
  sender: z.strictObject({ type: senderType, id: z.string().nullable(), name: z.string() }),
  text: z.string().nullable(),
  attachments: z.array(attachmentDto),
  quickReplies: z.array(z.strictObject({ title: z.string(), payload: z.string() })),
  replyTo: z.strictObject({ messageId: z.string().nullable(), preview: z.string().nullable() }).nullable(),
  reactions: z.array(z.strictObject({ emoji: z.string(), by: z.enum(['contact', 'agent']) })),
  edited: z.boolean(),
  unsent: z.boolean(),
  removed: z.boolean(),
  clientMessageId: z.string().nullable(),
  delivery: partState.nullable(),
  acceptedAt: milliseconds.nullable(),
  failure: z.string().nullable(),
  parts: z.array(
    z.strictObject({
      n: z.number().int(),
      kind: z.enum(['text', 'attachment']),
      state: partState,
      error: z.string().nullable(),
      fault: z
        .strictObject({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
        .nullable(),
    }),
  ),
  moreAttachments: z.number().int(),
  sentTwice: z.boolean(),
  context: labelled,
  activity: z
    .strictObject({
      type: z.string(),
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    })
    .nullable(),
}) satisfies z.ZodType<MessageDto>;

const toldBy = z.enum(['contact', 'website', 'platform']).nullable();

export const conversationDto = z.strictObject({
  id: z.string(),
  number: z.string(),
  inbox: z.strictObject({ id: z.string(), name: z.string(), channel: z.string() }),
  contact: z.strictObject({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    blocked: z.boolean(),
    toldBy: z.strictObject({ name: toldBy, email: toldBy, phone: toldBy }),
    lastSeenAt: milliseconds.nullable(),
    page: z
      .strictObject({
        url: z.string(),
        title: z.string().nullable(),
        referrer: z.string().nullable(),
        at: milliseconds,
      })
      .nullable(),
    attributes: z.record(z.string(), z.string()),
  }),
  status: z.enum(CONVERSATION_STATUSES),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  subject: z.string().nullable(),
  assignee: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  current: z.boolean(),
  previousConversationId: z.string().nullable(),
  rev: z.number().int(),
  version: z.number().int(),
  lastMessage: z.strictObject({ preview: z.string(), note: z.boolean(), senderType, at: milliseconds }).nullable(),
  lastActivityAt: milliseconds,
  createdAt: milliseconds,
  contactMessageCount: z.number().int(),
  deliveredUpTo: milliseconds,
  readUpTo: milliseconds,
  teamReadUpTo: milliseconds,
  reply: z.strictObject({
    windowMs: z.number().int().nullable(),
    humanAgentMs: z.number().int().nullable(),
    lastInboundAt: milliseconds.nullable(),
    blocked: z.boolean(),
    disconnected: z.boolean(),
    closed: z.boolean(),
  }),
  hold: z.strictObject({ reason: z.string(), until: milliseconds.nullable() }).nullable(),
  threadOwner: z.string().nullable(),
}) satisfies z.ZodType<ConversationDto>;

export const conversationRowDto = conversationDto.extend({
  readCount: z.number().int(),
}) satisfies z.ZodType<ConversationRowDto>;
