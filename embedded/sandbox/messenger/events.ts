import type { Attachment, Message, Person, Reaction, WebhookField } from './types.js';

/** An event before the envelope: the field it is subscribed by, and what stands in the `messaging` array. */
export interface PlatformEvent {
  field: WebhookField;
  personId: string | null;
  body: Record<string, unknown>;
}

/** Shapes of all events: MESSENGER section 3. */
const fromPerson = (person: Person, timestamp: number): Record<string, unknown> => ({
  sender: { id: person.id },
  recipient: { id: person.pageId },
  timestamp,
});

const event = (person: Person, field: WebhookField, body: Record<string, unknown>): PlatformEvent => ({
  field,
  personId: person.id,
  body,
});

/** An attachment as the platform shows it: the file's own record stays here. */
const wireAttachment = ({ file: _file, ...wire }: Attachment): Record<string, unknown> => wire;

/** The person's message; `extras` are `quick_reply`, `referral`, `commands`, `nlp` … */
export function messageEvent(person: Person, message: Message, extras: Record<string, unknown> = {}): PlatformEvent {
  return event(person, 'messages', {
    ...fromPerson(person, message.at),
    message: {
      mid: message.mid,
      ...(message.text === null ? {} : { text: message.text }),
      ...extras,
      ...(message.replyTo === null ? {} : { reply_to: { mid: message.replyTo } }),
      ...(message.attachments.length === 0 ? {} : { attachments: message.attachments.map(wireAttachment) }),
    },
  });
}

/** The Page's message as every subscribed app sees it. `bare` leaves the metadata out. */
export function echoEvent(person: Person, message: Message, bare = false): PlatformEvent {
  return event(person, 'message_echoes', {
    sender: { id: person.pageId },
    recipient: { id: person.id },
    timestamp: message.at,
    message: {
      mid: message.mid,
      is_echo: true,
      ...(message.appId === null ? {} : { app_id: Number(message.appId) }),
      ...(message.metadata === null || bare ? {} : { metadata: message.metadata }),
      ...(message.text === null ? {} : { text: message.text }),
      ...(message.replyTo === null ? {} : { reply_to: { mid: message.replyTo } }),
      ...(message.attachments.length === 0 ? {} : { attachments: message.attachments.map(wireAttachment) }),
    },
  });
}

/** `mids` reached the phone; everything up to the watermark did. */
export function deliveryEvent(person: Person, mids: readonly string[], watermark: number, now: number): PlatformEvent {
  return event(person, 'message_deliveries', { ...fromPerson(person, now), delivery: { mids, watermark } });
}

export function readEvent(person: Person, watermark: number, now: number): PlatformEvent {
  return event(person, 'message_reads', { ...fromPerson(person, now), read: { watermark } });
}

export function reactionEvent(
  person: Person,
  mid: string,
  { reaction, emoji }: Reaction,
  action: 'react' | 'unreact',
  now: number,
): PlatformEvent {
  return event(person, 'message_reactions', {
    ...fromPerson(person, now),
    reaction: { reaction, emoji, action, mid },
  });
}

export function editEvent(person: Person, message: Message, now: number): PlatformEvent {
  return event(person, 'message_edits', {
    ...fromPerson(person, now),
    message_edit: { mid: message.mid, text: message.text, num_edit: message.edits },
  });
}

export function unsendEvent(person: Person, mid: string, now: number): PlatformEvent {
  return event(person, 'messages', { ...fromPerson(person, now), message: { mid, is_deleted: true } });
}

export function postbackEvent(
  person: Person,
  postback: { mid: string; title: string; payload: string; referral?: Record<string, unknown> | undefined },
  now: number,
): PlatformEvent {
  const { referral, ...rest } = postback;
  return event(person, 'messaging_postbacks', {
    ...fromPerson(person, now),
    postback: { ...rest, ...(referral === undefined ? {} : { referral }) },
  });
}

export function referralEvent(person: Person, referral: Record<string, unknown>, now: number): PlatformEvent {
  return event(person, 'messaging_referrals', { ...fromPerson(person, now), referral });
}

export function handoverEvent(person: Person, body: Record<string, unknown>, now: number): PlatformEvent {
  return event(person, 'messaging_handovers', { ...fromPerson(person, now), ...body });
}

const FIELD_OF_KEY: Record<string, WebhookField> = {
  message: 'messages',
  delivery: 'message_deliveries',
  read: 'message_reads',
  reaction: 'message_reactions',
  message_edit: 'message_edits',
  postback: 'messaging_postbacks',
  referral: 'messaging_referrals',
  optin: 'messaging_optins',
  pass_thread_control: 'messaging_handovers',
  take_thread_control: 'messaging_handovers',
  request_thread_control: 'messaging_handovers',
  app_roles: 'messaging_handovers',
  account_linking: 'messaging_account_linking',
  policy_enforcement: 'messaging_policy_enforcement',
  messaging_feedback: 'messaging_feedback',
  response_feedback: 'response_feedback',
};

/** Subscription field of an event that a script wrote by hand; `other` when the platform has none we know. */
export function fieldOf(body: Record<string, unknown>): WebhookField {
  const message = body.message;
  if (typeof message === 'object' && message !== null && 'is_echo' in message) return 'message_echoes';
  const key = Object.keys(body).find((name) => name in FIELD_OF_KEY);
  return (key === undefined ? undefined : FIELD_OF_KEY[key]) ?? 'other';
}
