/** The closed sets of words that stand in stored rows and cross borders; those of a conversation's life are in `conversation-status.ts`. */

/** Roles of the people of the team (SPEC 3.2). */
export const STAFF_ROLES = ['admin', 'supervisor', 'agent'] as const;
export const ROLES = [...STAFF_ROLES, 'customer'] as const;
export type Role = (typeof ROLES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const AVAILABILITIES = ['available', 'busy', 'away', 'offline'] as const;
export type Availability = (typeof AVAILABILITIES)[number];

export const SENDER_TYPES = ['contact', 'agent', 'bot', 'system'] as const;
export type SenderType = (typeof SENDER_TYPES)[number];

/** `message`: text and attachments; `postback`: a tapped button; `activity`: something that happened, told by the system. */
export const MESSAGE_KINDS = ['message', 'note', 'postback', 'activity'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
/** What of them a customer may know of. */
export const CUSTOMER_MESSAGE_KINDS = ['message', 'postback'] as const satisfies MessageKind[];

export const ATTACHMENT_KINDS = [
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
] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

/** `pending`: being copied into our store; `failed`: could not be copied; `none`: nothing to copy (a location, a link). */
export const ATTACHMENT_STATES = ['pending', 'stored', 'failed', 'none'] as const;

/** State of one outbound platform call. `unconfirmed`: the outcome is unknown and nobody can tell (SPEC 2.3). */
export const PART_STATES = ['queued', 'sending', 'sent', 'failed', 'unconfirmed'] as const;
export type PartState = (typeof PART_STATES)[number];
/** State of an outbound message as a person sees it. Never moves back, except that `failed` may be sent again. */
export type DeliveryState = PartState | 'delivered' | 'read';

export const INBOX_STATES = ['connected', 'needs_reauthorisation', 'disconnected'] as const;

/** Who told something about a contact: they themself (anybody may claim anything), their website's server, or the platform. */
export const TOLD_BY = ['contact', 'website', 'platform'] as const;
export type ToldBy = (typeof TOLD_BY)[number];

/**
 * Kinds of list views: `mine`; what nobody holds in the queue of one inbox or of one team; all of one inbox or one team.
 */
export const VIEW_KINDS = ['mine', 'unassigned', 'inbox', 'team'] as const;

/** States of a stored webhook event that need a person, or are asked for in support. */
export const SHOWN_EVENT_STATES = ['parked', 'unroutable', 'waiting', 'ignored', 'pending'] as const;

/** What people do in a conversation, by what it costs: writing, typing marks, catching up, and whatever else. */
export const RATES = ['messages', 'typing', 'sync', 'other'] as const;
export type Rate = (typeof RATES)[number];
