/** What the sandbox keeps. Times are milliseconds since the epoch; ids are strings, as on the platform. */

/** A Page of the simulated platform. */
export interface Page {
  id: string;
  name: string;
  token: string;
  /** Subcode of error 190 that every call with the token gets; null: the token works. */
  tokenFault: number | null;
  /** Webhook fields the app is subscribed to; null: not subscribed at all. */
  subscribedFields: string[] | null;
  /** Messenger Profile: `get_started`, `greeting`, `ice_breakers`, `persistent_menu` … */
  profile: Record<string, unknown>;
}

/** A person as one Page sees them (ids are scoped to the Page, as PSIDs are). */
export interface Person {
  id: string;
  pageId: string;
  firstName: string;
  lastName: string;
  createdAt: number;
  /** Last act that opens the reply window; null: never wrote. Moved back by the clock switch. */
  lastMessageAt: number | null;
  /** App that holds the thread; null: idle, which means ours. */
  threadOwner: string | null;
  /** The Page's messages up to here reached the phone. */
  deliveredUpTo: number;
  /** The Page's messages up to here were seen by the person. */
  readUpTo: number;
  /** The Page's last `mark_seen`. */
  seenByPageAt: number | null;
}

export type FileKind = 'image' | 'audio' | 'video' | 'file';

/** Bytes kept beside the journal and served under `/files/<id>/<name>`. */
export interface StoredFile {
  id: string;
  name: string;
  mimeType: string;
  size: number;
  kind: FileKind;
}

/** An attachment in the platform's wire shape; `file` when the sandbox holds the bytes (`payload.url` is then a path of its own). */
export interface Attachment {
  type: string;
  title?: string | undefined;
  url?: string | null | undefined;
  payload?: Record<string, unknown> | undefined;
  file?: StoredFile | undefined;
}

export interface QuickReply {
  content_type: string;
  title?: string | undefined;
  payload?: string | undefined;
  image_url?: string | undefined;
}

export interface Reaction {
  reaction: string;
  emoji: string;
}

/** One message of a thread, in either direction. */
export interface Message {
  mid: string;
  pageId: string;
  personId: string;
  /** `in`: the person wrote it; `out`: the Page did. */
  direction: 'in' | 'out';
  /** App that sent it; null for the person's own and for echoes without an app id. */
  appId: string | null;
  /** Position among all messages of the sandbox, in the order they were accepted. */
  order: number;
  at: number;
  text: string | null;
  attachments: Attachment[];
  quickReplies: QuickReply[];
  replyTo: string | null;
  /** What the sender put on it; comes back on the echo. */
  metadata: string | null;
  /** Messaging type and tag that the send named; `postback` for a tapped button. */
  sentAs: string | null;
  edits: number;
  unsent: boolean;
  reactions: { person?: Reaction | undefined; page?: Reaction | undefined };
}

/** Kinds of Graph call that rules and the call list tell apart. */
export type CallKind =
  | 'send'
  | 'sender_action'
  | 'upload'
  | 'profile'
  | 'conversations'
  | 'subscribed_apps'
  | 'messenger_profile'
  | 'thread'
  | 'debug_token'
  | 'page'
  | 'unknown';

/** One Graph call and what became of it. */
export interface GraphCall {
  id: string;
  at: number;
  kind: CallKind;
  method: string;
  /** Path without its query: the query may hold tokens. */
  path: string;
  pageId: string | null;
  personId: string | null;
  /** Body without tokens; files as name and size. */
  request: unknown;
  /** HTTP status; null: no answer was given (`outcome` says why). */
  status: number | null;
  outcome: 'answered' | 'hung' | 'closed';
  response: unknown;
  /** Id of the message that was accepted, whatever the answer said. */
  mid: string | null;
  /** Rules that changed the outcome. */
  rules: string[];
}

/** Subscription fields, which are also what rules match as `event`. */
export type WebhookField =
  | 'messages'
  | 'message_echoes'
  | 'message_deliveries'
  | 'message_reads'
  | 'message_reactions'
  | 'message_edits'
  | 'messaging_postbacks'
  | 'messaging_referrals'
  | 'messaging_optins'
  | 'messaging_handovers'
  | 'messaging_account_linking'
  | 'messaging_policy_enforcement'
  | 'messaging_feedback'
  | 'response_feedback'
  | 'standby'
  | 'other';

/** Answer of the hub to one try: a status, or why there was none. */
export interface WebhookTry {
  at: number;
  answer: number | string;
}

/** One event on its way to the hub. */
export interface Webhook {
  id: string;
  at: number;
  pageId: string;
  /** Null: it concerns the Page. */
  personId: string | null;
  field: WebhookField;
  /** Array of the envelope it travels in. */
  channel: 'messaging' | 'standby';
  event: Record<string, unknown>;
  state: 'queued' | 'delivered' | 'dropped' | 'unsubscribed';
  tries: number;
  lastTry: WebhookTry | null;
  /** How often the hub said 200; above 1 after a duplicate rule. */
  deliveries: number;
  rules: string[];
}

/** How the sandbox behaves when no rule says otherwise. */
export interface Settings {
  /** Delivery receipts: by themselves, or never. */
  delivery: 'auto' | 'off';
  /** Read receipts: by themselves, or only when the phone page shows the thread or a script says so. */
  read: 'auto' | 'off';
  /** Milliseconds until an automatic receipt. */
  receiptDelayMs: number;
  /** Most events of one person in one webhook body. */
  batch: number;
  /** "Require App Secret": a call without `appsecret_proof` is refused. */
  requireProof: boolean;
  /** Usage headers on every answer, in percent; null: none. */
  usagePercent: number | null;
}

/** One line of the journal. Upserts carry the whole thing, so replaying is assigning. */
export type Entry =
  | { type: 'page'; page: Page }
  | { type: 'person'; person: Person }
  | { type: 'message'; message: Message }
  | { type: 'file'; file: StoredFile }
  | { type: 'upload'; attachmentId: string; pageId: string; fileId: string }
  | { type: 'call'; call: GraphCall }
  | { type: 'webhook'; webhook: Webhook }
  | { type: 'try'; webhookId: string; try: WebhookTry }
  | { type: 'settled'; webhookId: string; state: 'delivered' | 'dropped'; rules: string[] }
  | { type: 'rules'; rules: Rule[] }
  | { type: 'settings'; settings: Settings }
  | { type: 'verified'; at: number };

/** Which calls or events a rule is for; a missing key matches everything. */
export interface RuleMatch {
  pageId?: string | undefined;
  personId?: string | undefined;
  /** Part of the message text. */
  text?: string | undefined;
  /** Webhook rules only. */
  event?: WebhookField | undefined;
}

/** What goes wrong. `accepted` means: the message is sent although the answer says otherwise. */
export type RuleMode =
  | { type: 'duplicate'; copies: number }
  | { type: 'reorder' }
  | { type: 'drop' }
  | { type: 'delay'; ms: number }
  | { type: 'http_error'; status: number; html: boolean; accepted: boolean }
  | { type: 'hang'; accepted: boolean }
  | { type: 'close'; accepted: boolean }
  | { type: 'error'; code: number; subcode: number | null; status: number | null; accepted: boolean }
  | { type: 'rate_limit'; code: number; minutes: number }
  | { type: 'usage'; percent: number }
  | { type: 'echo'; how: 'bare' | 'before_answer' | 'late' | 'never'; ms: number };

/** One switch of the "Misbehave" drawer. */
export interface Rule {
  id: string;
  /** A Graph call kind, any Graph call, or a webhook. */
  kind: CallKind | 'any' | 'webhook';
  match: RuleMatch;
  /** How often it still applies; null: until removed. */
  times: number | null;
  mode: RuleMode;
}
