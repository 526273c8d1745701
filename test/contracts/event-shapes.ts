import { expect } from '@jest/globals';
import { z } from 'zod';
import type { InboundEvent, WebhookItem } from '../../channels/types.js';

/** An index entry has to stay small. */
const LONGEST_KEY = 400;

const time = z.number().nonnegative();
const name = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const webAddress = z.url({ protocol: /^https?$/ }).nullable();

const attachment = z.strictObject({
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
  sourceUrl: webAddress,
  title: z.string().nullable(),
  link: webAddress,
  details: z.array(z.strictObject({ label: name, value: z.string() })),
});
const content = { externalId: name, occurredAt: time, standby: z.boolean() };
const said = { text: z.string().nullable(), attachments: z.array(attachment) };
const context = z.record(z.string(), z.string());
const targeted = { targetId: name, occurredAt: time };
const activity = z.strictObject({
  type: z.literal('activity'),
  activity: name,
  data: z.record(z.string(), scalar),
  occurredAt: time,
  externalId: name,
  opensWindow: z.boolean(),
});

const inboundEvent: z.ZodType<InboundEvent> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message'),
    ...content,
    ...said,
    payload: z.string().nullable(),
    replyToId: z.string().nullable(),
    context,
  }),
  z.strictObject({ type: z.literal('postback'), ...content, title: name, payload: z.string().nullable(), context }),
  z.strictObject({
    type: z.literal('echo'),
    ...content,
    ...said,
    metadata: z.string().nullable(),
    origin: z.enum(['own', 'foreign']),
    senderName: name,
  }),
  z.strictObject({ type: z.literal('delivery'), externalIds: z.array(name), watermark: time }),
  z.strictObject({ type: z.literal('read'), watermark: time }),
  z.strictObject({ type: z.literal('typing'), isTyping: z.boolean(), occurredAt: time }),
  z.strictObject({ type: z.literal('reaction'), action: z.enum(['react', 'unreact']), emoji: name, ...targeted }),
  z.strictObject({ type: z.literal('edit'), text: z.string(), editNumber: z.number().int(), ...targeted }),
  z.strictObject({ type: z.literal('unsend'), ...targeted }),
  activity,
  z.strictObject({ type: z.literal('thread_owner'), owner: name.nullable(), activity }),
  z.strictObject({ type: z.literal('account_hold'), reason: name, until: time.nullable(), occurredAt: time }),
  z.strictObject({ type: z.literal('account_resume'), occurredAt: time }),
  z.strictObject({
    type: z.literal('account_notice'),
    notice: name,
    data: z.record(z.string(), z.unknown()),
    occurredAt: time,
  }),
  z.strictObject({ type: z.literal('unsupported'), reason: name }),
]);

/** Fails unless the event has exactly the shape that the hub relies on. */
export function checkEvent(event: InboundEvent): void {
  expect(inboundEvent.parse(event)).toEqual(event);
}

/** Fails unless the item can be stored: named, with a small key, and a payload that can be written as JSON. */
export function checkItem(item: WebhookItem): void {
  expect(item.accountId).not.toBe('');
  expect(item.contactId).not.toBe('');
  expect(item.dedupeKey.length).toBeGreaterThan(0);
  expect(item.dedupeKey.length).toBeLessThanOrEqual(LONGEST_KEY);
  expect(() => JSON.stringify(item.payload)).not.toThrow();
}

/** The same tree, unchangeable. */
export function frozen<T>(tree: T): T {
  if (typeof tree === 'object' && tree !== null) Object.values(Object.freeze(tree)).forEach(frozen);
  return tree;
}
