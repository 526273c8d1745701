import type { ConversationStatus } from './conversation-status.js';
import type { ReplyContext } from './reply-policy.js';

/** Shapes that leave the server. Ids are strings, times milliseconds since the epoch. */

export type Role = 'admin' | 'supervisor' | 'agent' | 'customer';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';
export type Availability = 'available' | 'busy' | 'away' | 'offline';
export type SenderType = 'contact' | 'agent' | 'bot' | 'system';
/** `message`: text and attachments; `postback`: a tapped button; `activity`: something that happened, told by the system. */
export type MessageKind = 'message' | 'note' | 'postback' | 'activity';
export type AttachmentKind =
  'image' | 'video' | 'audio' | 'file' | 'sticker' | 'link' | 'location' | 'template' | 'appointment' | 'unsupported';

/** State of one outbound platform call. `unconfirmed`: the outcome is unknown and nobody can tell (SPEC 2.3). */
export type PartState = 'queued' | 'sending' | 'sent' | 'failed' | 'unconfirmed';
/** State of an outbound message as a person sees it. Never moves back, except that `failed` may be sent again. */
export type DeliveryState = PartState | 'delivered' | 'read';

export interface AttachmentDto {
  id: string;
  kind: AttachmentKind;
  /** File name or title, for people. */
  name: string;
  mimeType: string | null;
  /** Bytes, once known. */
  size: number | null;
  /** `pending`: being copied into our store; `failed`: could not be copied; `none`: nothing to copy (a location, a link). */
  state: 'pending' | 'stored' | 'failed' | 'none';
  /** Short-lived signed address of the stored file; null until stored. */
  url: string | null;
  /** Where a shared link, post or place leads; opened only on a click. */
  link: string | null;
  /** What a template, product, place or appointment says, as label/value lines for display. */
  details: { label: string; value: string }[];
}

export interface SenderDto {
  type: SenderType;
  id: string | null;
  name: string;
}

/** What went wrong, by name; `params` fill the places of a translated sentence. */
export interface Fault {
  code: string;
  params: Record<string, string | number>;
}

export interface PartDto {
  n: number;
  kind: 'text' | 'attachment';
  state: PartState;
  /** An English sentence for people when the part failed. */
  error: string | null;
  /** The same for clients that translate: a code that names the sentence, and what it speaks of. */
  fault: Fault | null;
}

export interface ReactionDto {
  emoji: string;
  by: 'contact' | 'agent';
}

/** A message as its own customer may see it. */
export interface CustomerMessageDto {
  id: string;
  conversationId: string;
  /** Revision of the message's birth and of its last change; `rev` decides which copy is newer. */
  seq: number;
  rev: number;
  /** Reading order: ascending `orderAt`, then `tieKey`. */
  orderAt: number;
  tieKey: string;
  kind: 'message' | 'postback';
  sender: SenderDto;
  text: string | null;
  attachments: AttachmentDto[];
  quickReplies: { title: string; payload: string }[];
  replyTo: { messageId: string | null; preview: string | null } | null;
  reactions: ReactionDto[];
  edited: boolean;
  /** Taken back by its sender: text and attachments are gone. */
  unsent: boolean;
  /** It was a second copy of another message: show it no more. */
  removed: boolean;
  clientMessageId: string | null;
}

/** An activity entry: `type` names it, `data` carries what a sentence needs. */
export interface ActivityDto {
  type: string;
  data: Record<string, string | number | boolean | null>;
}

/** A message as staff see it. */
export interface MessageDto extends Omit<CustomerMessageDto, 'kind'> {
  kind: MessageKind;
  /** Null for what was not sent by us; watermarks of the conversation may raise it (see `deliveryOf`). */
  delivery: PartState | null;
  /** When the platform accepted the last part; null until then. Compared with the conversation's watermarks. */
  acceptedAt: number | null;
  failure: string | null;
  parts: PartDto[];
  /** How many attachments came with it that are not kept (SPEC 2.3). */
  moreAttachments: number;
  /** The platform made more than one message of it. */
  sentTwice: boolean;
  /** What came with it: an ad, a product, a command. */
  context: { label: string; value: string }[];
  activity: ActivityDto | null;
}

/** Who told something about a contact: they themself (anybody may claim anything), their website's server, or the platform. */
export type ToldBy = 'contact' | 'website' | 'platform';

export interface ContactDto {
  id: string;
  /** A stand-in while nobody has told one. */
  name: string;
  email: string | null;
  phone: string | null;
  /** Signed address of our copy of their picture. */
  avatarUrl: string | null;
  blocked: boolean;
  /** Null where nothing was told. */
  toldBy: { name: ToldBy | null; email: ToldBy | null; phone: ToldBy | null };
  lastSeenAt: number | null;
  /** The last page of a website that they were on, and where they came from; null: not known. */
  page: { url: string; title: string | null; referrer: string | null; at: number } | null;
  attributes: Record<string, string>;
}

export interface ConversationDto {
  id: string;
  /** `TKT-<n>` */
  number: string;
  inbox: { id: string; name: string; channel: string };
  contact: ContactDto;
  status: ConversationStatus;
  priority: Priority;
  subject: string | null;
  assignee: { id: string; name: string } | null;
  /** The live thread of its identity. */
  current: boolean;
  previousConversationId: string | null;
  /** Last visible change, and last change of any kind; `version` decides which copy is newer. */
  rev: number;
  version: number;
  /** `note`: written for the team alone. */
  lastMessage: { preview: string; note: boolean; senderType: SenderType; at: number } | null;
  lastActivityAt: number;
  createdAt: number;
  /** Messages of the contact so far; unread = this minus the reader's `readCount`. */
  contactMessageCount: number;
  /** What the contact's side has received and read: `acceptedAt` up to these. */
  deliveredUpTo: number;
  readUpTo: number;
  /** What the team has read: `orderAt` up to this. */
  teamReadUpTo: number;
  reply: ReplyContext;
  /** Why sends of this inbox wait just now; null: they do not. */
  hold: { reason: string; until: number | null } | null;
  /** Whose turn the platform says it is; null: ours or unknown. */
  threadOwner: string | null;
}

/** A conversation in a list, with what only its reader knows. */
export interface ConversationRowDto extends ConversationDto {
  readCount: number;
}

/** A conversation as its own customer may see it. */
export interface CustomerConversationDto {
  id: string;
  number: string;
  status: ConversationStatus;
  /** The first name of whoever holds it. */
  agentName: string | null;
  rev: number;
  version: number;
  /** What the team has read of the customer's messages: `orderAt` up to this. */
  teamReadUpTo: number;
}

export interface InboxDto {
  id: string;
  channel: string;
  name: string;
  /** Public key of a website's widget; the platform's account id elsewhere. */
  key: string;
  state: 'connected' | 'needs_reauthorisation' | 'disconnected';
  allowedOrigins: string[];
  memberIds: string[];
  hold: { reason: string; until: number | null } | null;
  lastEventInAt: number | null;
  lastEventOutAt: number | null;
  settings: Record<string, unknown>;
}

export interface UserDto {
  id: string;
  name: string;
  email: string;
  role: Role;
  availability: Availability;
  active: boolean;
}

/** Envelope of every HTTP answer (SPEC 12). */
export type ApiAnswer<T> = { success: true; data: T } | { success: false; error: ApiError };

export interface ApiError {
  code: string;
  message: string;
  details?: { field: string; message: string }[];
  /** Seconds to wait before the same call is worth another try. Over sockets only: HTTP says it in `Retry-After`. */
  retryAfter?: number;
}

/** A page of a list; `cursor` asks for the next one, null: there is none. */
export interface Page<T> {
  items: T[];
  cursor: string | null;
}
