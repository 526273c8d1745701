import { z } from 'zod';
import { id, milliseconds } from './basics.js';
import { customerConversationDto } from './conversation.js';
import { customerMessageDto } from './message.js';
import { email } from './user.js';

/** The page a visitor is on, and where they came from, as their browser tells it. */
export const visitedPage = z.strictObject({
  url: z.string().max(2_000),
  title: z.string().max(500).exactOptional(),
  /** Browsers tell no more than 4,096 characters (Referrer Policy, 8.3). */
  referrer: z.string().max(5_000).exactOptional(),
});
export type VisitedPage = z.infer<typeof visitedPage>;

/** A signed-in user of the host page; `hash` is the HMAC by which the site vouches for `id` (SPEC 3.3). */
const identity = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().trim().min(1).max(100).exactOptional(),
  email: email.exactOptional(),
  hash: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits: HMAC-SHA256 of the id'),
});
export type Identity = z.infer<typeof identity>;

const ATTRIBUTE_VALUE = 'must be a text of at most 200 characters';

/** What a site says about its visitor, for the contact panel; claims, never used to decide anything. */
const attributes = z
  .record(z.string().min(1).max(40), z.string(ATTRIBUTE_VALUE).max(200, ATTRIBUTE_VALUE), {
    error: ({ code }) => (code === 'invalid_key' ? 'a name has 1 to 40 characters' : 'must be names with texts'),
  })
  .refine((given) => Object.keys(given).length <= 20, { message: 'at most 20 at once' });

const inboxKey = z.string().min(1).max(100);
const token = z.string().max(2_000);

/** Opens or takes up a visitor session over HTTP. */
export const sessionInput = z.strictObject({
  inboxKey,
  token: token.exactOptional(),
  identity: identity.exactOptional(),
  attributes: attributes.exactOptional(),
  page: visitedPage.exactOptional(),
});
export type SessionInput = z.infer<typeof sessionInput>;

/** What a visitor session consists of. */
export const visitorSession = z.strictObject({
  token: z.string(),
  contactId: z.string(),
  inbox: z.strictObject({ id: z.string(), name: z.string() }),
  conversation: customerConversationDto.nullable(),
});
export type VisitorSession = z.infer<typeof visitorSession>;

/** Opens or takes up a visitor session over a socket; of the page an address alone will do. */
export const customerConnectInput = z.strictObject({
  inboxKey,
  token: token.optional(),
  name: z.string().trim().min(1).max(100).optional(),
  email: z.email().max(320).optional(),
  page: z.union([visitedPage.shape.url, visitedPage]).optional(),
});

export const connectionEstablished = visitorSession.omit({ inbox: true });
export type ConnectionEstablished = z.infer<typeof connectionEstablished>;

/** `orderAt` of the last message of ours that arrived, and of the last one on screen. */
export const receiptInput = z.strictObject({
  conversationId: id,
  deliveredUpTo: milliseconds.min(0).exactOptional(),
  readUpTo: milliseconds.min(0).exactOptional(),
});
export type Receipt = z.infer<typeof receiptInput>;

export const aboutConversation = z.strictObject({ conversation: customerConversationDto });
export const aboutMessage = z.strictObject({ message: customerMessageDto, conversation: customerConversationDto });
