import type { AxiosInstance } from 'axios';
import type { z } from 'zod';
import type { AttachmentKind } from '../src/shared/words.js';

/** The contract between the hub and a channel (SPEC 2.1, DESIGN 4 and 5). Times are milliseconds since the epoch. */

/** What a channel can do; the core asks, it never compares names. */
export interface ChannelCapabilities {
  /** Longest text of one platform call, in UTF-16 code units; null: no limit. Longer texts are split into parts. */
  textLimit: number | null;
  attachments: { kinds: AttachmentKind[]; maxBytes: number };
  quickReplies: { max: number; titleLength: number } | null;
  /** A reply may quote a message of the platform. */
  replies: boolean;
  /** `windowMs`: how long after the contact's last sign of life any reply is allowed; `humanAgentMs`: how long a person may
   * still answer, if the inbox enables it. Null: always. */
  replyWindow: { windowMs: number; humanAgentMs: number } | null;
  /** The platform takes typing marks and read receipts from us. */
  typing: boolean;
  readReceipts: boolean;
  /** Points that a conversation counts as load of whoever holds it (SPEC 4.1). */
  weight: number;
}

/** One raw event of a webhook body, stored before it is acknowledged. */
export interface WebhookItem {
  /** The account (Page …) it belongs to: `inbox.accountId`. */
  accountId: string;
  /** The contact's id there; null: it concerns the account. Decides the lane (PROTOCOLS 6). */
  contactId: string | null;
  /** Unique per channel and account: the same event delivered again has the same key. */
  dedupeKey: string;
  occurredAt: number | null;
  /** When the platform sent it (for the clock check). */
  sentAt: number | null;
  /** As the platform sent it, plus what the envelope said about it; what `parseEvent` gets back. */
  payload: Record<string, unknown>;
}

/** An attachment as the platform describes it. */
export interface InboundAttachment {
  kind: AttachmentKind;
  /** Where to fetch the bytes from; null: nothing to copy. */
  sourceUrl: string | null;
  title: string | null;
  /** Where a share, place or template leads. */
  link: string | null;
  details: { label: string; value: string }[];
}

/** A reference to a message by the platform's id. */
interface Targeted {
  targetId: string;
  occurredAt: number;
}

/** Something that shows in the thread as a line of the system, not as somebody's words. */
export interface ActivityEvent {
  type: 'activity';
  /** `referral`, `optin`, `handover`, `account_link`, `feedback`, `response_feedback` … */
  activity: string;
  data: Record<string, string | number | boolean | null>;
  occurredAt: number;
  /** Stable id for doing it once; the stored event's dedupeKey will do. */
  externalId: string;
  /** It opens the reply window, as the platform's policy says. */
  opensWindow: boolean;
}

/** Normalised inbound events (SPEC 2.1). `standby`: another app holds the thread; record, do not answer automatically. */
export type InboundEvent =
  | {
      type: 'message';
      externalId: string;
      occurredAt: number;
      text: string | null;
      attachments: InboundAttachment[];
      /** Payload of a tapped quick reply. */
      payload: string | null;
      replyToId: string | null;
      /** What else came with it (an ad, a product, a command), as label/value pairs. */
      context: Record<string, string>;
      standby: boolean;
    }
  | {
      type: 'postback';
      externalId: string;
      occurredAt: number;
      title: string;
      payload: string | null;
      context: Record<string, string>;
      standby: boolean;
    }
  | {
      type: 'echo';
      externalId: string;
      occurredAt: number;
      /** What we put on the send; null for other apps' messages. */
      metadata: string | null;
      /** `own`: our app or unknown app (may be one of our sends whose metadata is missing); `foreign`: surely not ours. */
      origin: 'own' | 'foreign';
      /** Who wrote it, for people: "Page inbox", an app id. */
      senderName: string;
      text: string | null;
      attachments: InboundAttachment[];
      standby: boolean;
    }
  | { type: 'delivery'; externalIds: string[]; watermark: number }
  | { type: 'read'; watermark: number }
  | { type: 'typing'; isTyping: boolean; occurredAt: number }
  | ({ type: 'reaction'; action: 'react' | 'unreact'; emoji: string } & Targeted)
  | ({ type: 'edit'; text: string; editNumber: number } & Targeted)
  | ({ type: 'unsend' } & Targeted)
  | ActivityEvent
  /** Who holds the thread now by the platform's word: null: we do. Also shown as an activity. */
  | { type: 'thread_owner'; owner: string | null; activity: ActivityEvent }
  /** Concerns the whole account: sends are held (`until` null: until lifted), or resumed. */
  | { type: 'account_hold'; reason: string; until: number | null; occurredAt: number }
  | { type: 'account_resume'; occurredAt: number }
  | { type: 'account_notice'; notice: string; data: Record<string, unknown>; occurredAt: number }
  | { type: 'unsupported'; reason: string };

/** One platform call of an outbound message, ready to be made. */
export interface OutboundPart {
  /** `<install>:<message>:<n>:<attempt>`, comes back on the echo. */
  metadata: string;
  recipientId: string;
  policy: 'response' | 'human_agent';
  content:
    | { kind: 'text'; text: string; quickReplies: { title: string; payload: string }[]; replyToId: string | null }
    | { kind: 'attachment'; attachment: OutboundAttachment };
}

export interface OutboundAttachment {
  kind: AttachmentKind;
  name: string;
  mimeType: string;
  size: number;
  /** Id of an earlier upload to this account; null: upload first. */
  remoteId: string | null;
  /** The stored bytes, read when the upload is made. */
  open(): Promise<NodeJS.ReadableStream>;
}

/** What every call of an adapter gets: its inbox's credentials and settings, the installation's settings, and the world. */
export interface ChannelContext<Config = unknown, Env = unknown> {
  accountId: string;
  config: Config;
  env: Env;
  http: AxiosInstance;
  now(): number;
  /** Aborts the call at its deadline (10 s after `startedAt`, PROTOCOLS 7). */
  signal?: AbortSignal;
}

/** Secrets a webhook is checked with come from the installation's environment (`env`). */
export interface WebhookRequest {
  rawBody: Buffer;
  headers: Record<string, string | string[] | undefined>;
}

export interface SendResult {
  externalId: string;
  /** Slow down: hold the inbox's sends until then (usage headers near their limit). */
  holdUntil?: number;
}

export interface ContactProfile {
  name: string | null;
  avatarUrl: string | null;
  locale: string | null;
}

/**
 * A channel. `Config` is what one inbox needs (stored encrypted), `Env` what the installation needs (from the environment).
 * Optional members are abilities: without `send` the channel is delivered by our own sockets.
 */
export interface ChannelAdapter<ConfigSchema extends z.ZodType = z.ZodType, EnvSchema extends z.ZodType = z.ZodType> {
  name: string;
  /** For people, in settings: "Messenger", "Website". */
  label: string;
  capabilities: ChannelCapabilities;
  configSchema: ConfigSchema;
  /** Object schema whose keys are environment variables. */
  envSchema: EnvSchema;

  /** Answers the platform's set-up request (GET): the body to send back, or null to refuse. */
  answerChallenge?(query: URLSearchParams, env: z.infer<EnvSchema>): string | null;
  /** Throws ChannelVerificationError unless the bytes are genuine. */
  verifyWebhook?(request: WebhookRequest, env: z.infer<EnvSchema>): void;
  /** Splits a verified body; throws MalformedWebhookError when it is not what the platform sends. Never throws for unknown content. */
  splitWebhook?(rawBody: Buffer): WebhookItem[];
  /** Pure; never throws for unknown kinds (`unsupported`). */
  parseEvent?(
    item: Pick<WebhookItem, 'accountId' | 'contactId' | 'dedupeKey' | 'payload'>,
    env: z.infer<EnvSchema>,
  ): InboundEvent[];

  /** Uploads a file for later sends to this account. Throws ChannelError. */
  upload?(
    attachment: OutboundAttachment,
    context: ChannelContext<z.infer<ConfigSchema>, z.infer<EnvSchema>>,
  ): Promise<{ remoteId: string; expiresAt: number }>;
  /** Makes one platform call. Throws ChannelError. */
  send?(part: OutboundPart, context: ChannelContext<z.infer<ConfigSchema>, z.infer<EnvSchema>>): Promise<SendResult>;
  /**
   * After an unknown outcome: looks the part up on the platform, among what was sent since `since` (ms). `knownIds` tells which of
   * these ids are on other messages already. `absent` says that everything since then was seen, and it is not there. Never throws
   * for "cannot tell": that is `unknown`.
   */
  find?(
    part: OutboundPart,
    since: number,
    knownIds: (ids: string[]) => Promise<ReadonlySet<string>>,
    context: ChannelContext<z.infer<ConfigSchema>, z.infer<EnvSchema>>,
  ): Promise<{ externalId: string; at: number } | 'absent' | 'unknown'>;
  signal?(
    action: 'typing_on' | 'typing_off' | 'mark_seen',
    recipientId: string,
    context: ChannelContext<z.infer<ConfigSchema>, z.infer<EnvSchema>>,
  ): Promise<void>;
  fetchProfile?(
    externalId: string,
    context: ChannelContext<z.infer<ConfigSchema>, z.infer<EnvSchema>>,
  ): Promise<ContactProfile>;
  /** Hosts from which attachments of this channel may be fetched (suffix match). Empty: none. */
  attachmentHosts?(env: z.infer<EnvSchema>): string[];
}

/** Keeps the adapter's own types where the schemas are known. */
export function defineChannel<C extends z.ZodType, E extends z.ZodType>(
  adapter: ChannelAdapter<C, E>,
): ChannelAdapter<C, E> {
  return adapter;
}
