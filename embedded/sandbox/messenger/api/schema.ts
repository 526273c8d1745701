import { z } from 'zod';
import { SUBSCRIBABLE_FIELDS } from '../graph/page-settings.js';

/** Inputs of the scripting API. Unknown keys are refused, so that a misspelt switch is noticed. */

const id = z.string().min(1).max(255);
const record = z.record(z.string(), z.unknown());

export const newPerson = z.strictObject({
  pageId: id.optional(),
  firstName: z.string().min(1).max(60),
  lastName: z.string().max(60).default(''),
  id: z
    .string()
    .regex(/^\d{5,20}$/)
    .optional(),
});

const attachment = z.union([
  z.strictObject({ fileId: id }),
  z.strictObject({ name: z.string().min(1), base64: z.base64() }),
  z.strictObject({ type: z.literal('sticker'), form: z.enum(['sticker', 'transition', 'legacy']).default('sticker') }),
  z.strictObject({
    type: z.literal('location'),
    title: z.string().optional(),
    lat: z.number().min(-90).max(90),
    long: z.number().min(-180).max(180),
  }),
  /** Anything else the platform may send, in its own wire shape. */
  z.strictObject({ wire: z.looseObject({ type: z.string() }) }),
]);

export const personMessage = z.strictObject({
  text: z.string().max(20_000).optional(),
  attachments: z.array(attachment).max(30).default([]),
  replyTo: id.optional(),
  /** A tapped quick reply; `text` is its title. */
  quickReply: z.strictObject({ payload: z.string() }).optional(),
  /** More keys of the event's `message`: `referral`, `commands`, `nlp` … */
  extras: record.default({}),
});

export type PersonMessageInput = z.infer<typeof personMessage>;

export const postback = z.strictObject({
  title: z.string().min(1),
  payload: z.string(),
  referral: record.optional(),
});

export const referral = z.strictObject({
  ref: z.string().optional(),
  source: z.string().default('SHORTLINK'),
  type: z.string().default('OPEN_THREAD'),
  ad_id: z.string().optional(),
  referer_uri: z.string().optional(),
  ads_context_data: record.optional(),
});

export const reaction = z.strictObject({
  mid: id,
  /** Null takes the reaction away. */
  reaction: z.enum(['smile', 'angry', 'sad', 'wow', 'love', 'like', 'dislike', 'other']).nullable(),
  emoji: z.string().max(16).optional(),
});

export const edit = z.strictObject({ mid: id, text: z.string().min(1).max(20_000) });
export const unsend = z.strictObject({ mid: id });
export const typing = z.strictObject({ on: z.boolean() });
export const clock = z.strictObject({ hours: z.number().min(-1000).max(1000) });
export const nothing = z.strictObject({});

export const inboxReply = z.strictObject({
  text: z.string().min(1).max(2000).optional(),
  attachments: z.array(attachment).max(1).default([]),
  /** Default: the Page's own inbox; null: the echo names no app. */
  appId: z.string().regex(/^\d+$/).nullish(),
  metadata: z.string().max(1000).optional(),
});

export const threadControl = z.strictObject({
  /** `take`: another app takes the thread; `pass`: it is passed to ours; `request`: another app asks for it. */
  action: z.enum(['take', 'pass', 'request']),
  appId: z.string().regex(/^\d+$/).optional(),
  metadata: z.string().default(''),
});

export const rawEvent = z.strictObject({ event: record });

const callKind = z.enum([
  'send',
  'sender_action',
  'upload',
  'profile',
  'conversations',
  'subscribed_apps',
  'messenger_profile',
  'thread',
  'debug_token',
  'page',
  'unknown',
]);

const accepted = z.boolean().default(false);
const ms = z.int().min(0).max(600_000);

const mode = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('duplicate'), copies: z.int().min(1).max(20).default(1) }),
  z.strictObject({ type: z.literal('reorder') }),
  z.strictObject({ type: z.literal('drop') }),
  z.strictObject({ type: z.literal('delay'), ms }),
  z.strictObject({
    type: z.literal('http_error'),
    status: z.int().min(400).max(599).default(503),
    html: z.boolean().default(false),
    accepted,
  }),
  z.strictObject({ type: z.literal('hang'), accepted: z.boolean().default(true) }),
  z.strictObject({ type: z.literal('close'), accepted }),
  z.strictObject({
    type: z.literal('error'),
    code: z.int().min(0),
    subcode: z.int().min(0).nullable().default(null),
    status: z.int().min(400).max(599).nullable().default(null),
    accepted,
  }),
  z.strictObject({
    type: z.literal('rate_limit'),
    code: z.int().default(80006),
    minutes: z.int().min(0).max(10_000).default(1),
  }),
  z.strictObject({ type: z.literal('usage'), percent: z.int().min(0).max(1000) }),
  z.strictObject({
    type: z.literal('echo'),
    how: z.enum(['bare', 'before_answer', 'late', 'never']),
    ms: ms.default(5000),
  }),
]);

export const newRule = z.strictObject({
  kind: z.union([callKind, z.enum(['any', 'webhook'])]),
  match: z
    .strictObject({
      pageId: id.optional(),
      personId: id.optional(),
      text: z.string().min(1).optional(),
      event: z
        .enum([
          'messages',
          'message_echoes',
          'message_deliveries',
          'message_reads',
          'message_reactions',
          'message_edits',
          'messaging_postbacks',
          'messaging_referrals',
          'messaging_optins',
          'messaging_handovers',
          'messaging_account_linking',
          'messaging_policy_enforcement',
          'messaging_feedback',
          'response_feedback',
          'other',
        ])
        .optional(),
    })
    .default({}),
  times: z.int().min(1).max(1_000_000).nullable().default(1),
  mode,
});

export const settings = z.strictObject({
  delivery: z.enum(['auto', 'off']).optional(),
  read: z.enum(['auto', 'off']).optional(),
  receiptDelayMs: ms.optional(),
  batch: z.int().min(1).max(100).optional(),
  requireProof: z.boolean().optional(),
  usagePercent: z.int().min(0).max(1000).nullable().optional(),
});

export const pageToken = z.strictObject({
  /** A new token, which works; the old one is unknown from then on. */
  token: z.string().min(1).optional(),
  /** Subcode of error 190 that every call gets; 0: none; null: the token works again. */
  fault: z.int().min(0).nullable().default(null),
});

export const pageSubscription = z.strictObject({ fields: z.array(z.enum(SUBSCRIBABLE_FIELDS)).nullable() });

export const rawWebhook = z.strictObject({
  /** The bytes: text as it is, or base64. */
  body: z.string().optional(),
  base64: z.base64().optional(),
  signature: z.enum(['valid', 'invalid', 'none']).default('valid'),
});

export const callback = z.strictObject({
  /** Where the hub takes data-deletion or deauthorise callbacks. */
  url: z.url(),
  userId: z.string().regex(/^\d+$/),
});
