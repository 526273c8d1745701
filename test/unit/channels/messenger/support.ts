import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import axios from 'axios';
import messenger from '../../../../channels/messenger/index.js';
import { parseEvent } from '../../../../channels/messenger/parse.js';
import { splitWebhook } from '../../../../channels/messenger/split.js';
import type { MessengerContext, MessengerEnv } from '../../../../channels/messenger/types.js';
import type { InboundEvent, OutboundAttachment, OutboundPart, WebhookItem } from '../../../../channels/types.js';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/messenger');

export const APP_ID = '729481550316284';
export const APP_SECRET = 'test_app_secret_0123456789abcdef';
export const TOKEN = 'EAAtestpagetoken';
export const PAGE = '104829637715402';
export const PSID = '7364019285520143';
export const NOW = 1_781_515_900_000;

export const ENV = {
  META_APP_ID: APP_ID,
  META_APP_SECRET: APP_SECRET,
  META_VERIFY_TOKEN: 'test_verify_token',
  GRAPH_BASE_URL: 'https://graph.facebook.com',
};
export const env: MessengerEnv = messenger.envSchema.parse(ENV);

/** The bytes of a recorded webhook body. */
export function webhook(name: string): Buffer {
  return readFileSync(join(FIXTURES, 'webhooks', `${name}.json`));
}

/** Names of the recorded webhook bodies. */
export function webhookNames(): string[] {
  return readdirSync(join(FIXTURES, 'webhooks')).map((file) => file.replace(/\.json$/, ''));
}

/** A recorded request, answer or error of the Graph API. */
export function graph(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(FIXTURES, 'send', `${name}.json`), 'utf8')) as Record<string, unknown>;
}

export function errorNames(): string[] {
  const suffix = '.error.json';
  return readdirSync(join(FIXTURES, 'send'))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length));
}

export function sign(rawBody: Buffer, secret = APP_SECRET): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}` };
}

/** A body of one event as the platform would send it. */
export function bodyOf(event: unknown, list = 'messaging'): Buffer {
  const entry = { id: PAGE, time: NOW + 500, [list]: [event] };
  return Buffer.from(JSON.stringify({ object: 'page', entry: [entry] }));
}

/** The contact's side of an event. */
export function fromContact(content: Record<string, unknown>): Record<string, unknown> {
  return { sender: { id: PSID }, recipient: { id: PAGE }, timestamp: NOW, ...content };
}

/** What happened, by the words of a body. */
export function eventsOf(rawBody: Buffer, using: MessengerEnv = env): InboundEvent[] {
  return splitWebhook(rawBody).flatMap((item) => parseEvent(item, using));
}

export function onlyItem(rawBody: Buffer): WebhookItem {
  const [item, ...others] = splitWebhook(rawBody);
  if (item === undefined || others.length > 0) throw new Error('the body does not hold exactly one event');
  return item;
}

export function contextFor(baseUrl = ENV.GRAPH_BASE_URL, extra: Partial<MessengerContext> = {}): MessengerContext {
  return {
    accountId: PAGE,
    config: messenger.configSchema.parse({ accessToken: TOKEN }),
    env: messenger.envSchema.parse({ ...ENV, GRAPH_BASE_URL: baseUrl }),
    http: axios.create(),
    now: () => NOW,
    ...extra,
  };
}

export function textPart(text: string, extra: Partial<Extract<OutboundPart['content'], { kind: 'text' }>> = {}) {
  return partOf({ kind: 'text', text, quickReplies: [], replyToId: null, ...extra });
}

export function attachmentPart(remoteId: string | null = '1529038847710265'): OutboundPart {
  return partOf({ kind: 'attachment', attachment: fileOf('a photo', { remoteId }) });
}

function partOf(content: OutboundPart['content']): OutboundPart {
  return { metadata: 'install:message:1:1', recipientId: PSID, policy: 'response', content };
}

export function fileOf(content: string, extra: Partial<OutboundAttachment> = {}): OutboundAttachment {
  return {
    kind: 'image',
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    size: Buffer.byteLength(content),
    remoteId: null,
    open: () => Promise.resolve(Readable.from([Buffer.from(content)])),
    ...extra,
  };
}
