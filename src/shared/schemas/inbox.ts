import { z } from 'zod';
import { INBOX_STATES } from '../words.js';
import { hold, id, milliseconds } from './basics.js';

/** An inbox as staff see it; credentials never leave. */
export const inboxDto = z.strictObject({
  id: z.string(),
  channel: z.string(),
  name: z.string(),
  /** Public key of a website's widget; the platform's account id elsewhere. */
  key: z.string(),
  state: z.enum(INBOX_STATES),
  allowedOrigins: z.array(z.string()),
  memberIds: z.array(z.string()),
  hold: hold.nullable(),
  lastEventInAt: milliseconds.nullable(),
  lastEventOutAt: milliseconds.nullable(),
  settings: z.record(z.string(), z.unknown()),
});
export type InboxDto = z.infer<typeof inboxDto>;

export const oneInbox = z.strictObject({ inbox: inboxDto });
export const inboxList = z.strictObject({ items: z.array(inboxDto) });
/** A website gets its identity secret once; null for what has none. */
export const connectedInbox = oneInbox.extend({ identitySecret: z.string().nullable() });

/** Settings and configs are small; bytes of JSON. */
const MOST = 16 * 1024;

const origin = z
  .url({ protocol: /^https?$/, error: 'must look like https://www.example.com' })
  .refine((text) => new URL(text).origin === text.toLowerCase().replace(/\/$/, ''), 'must be an origin without a path')
  .transform((text) => new URL(text).origin);

const map = z
  .record(z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'is not a name of a setting'), z.unknown())
  .refine((value) => JSON.stringify(value).length <= MOST, 'is too large');

const fields = {
  name: z.string().trim().min(1, 'is needed').max(100),
  settings: map.exactOptional(),
  config: map.exactOptional(),
  allowedOrigins: z.array(origin).max(50).exactOptional(),
  memberIds: z.array(id).max(200).exactOptional(),
};

export const newInbox = z.strictObject({
  ...fields,
  channel: z.string().min(1).max(50),
  accountId: z.string().trim().min(1).max(100).exactOptional(),
});

export const inboxChanges = z.strictObject({
  ...fields,
  name: fields.name.exactOptional(),
  state: z.enum(['connected', 'disconnected']).exactOptional(),
});
