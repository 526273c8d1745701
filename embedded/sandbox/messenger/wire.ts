import { createHmac } from 'node:crypto';
import type { Webhook } from './types.js';

/**
 * JSON in the form Meta signs: every non-ASCII UTF-16 unit as `\uXXXX` (lower-case hex), `/` as `\/`, `<` and `>` escaped
 * as `\u003C` and `\u003E` (MESSENGER 2 and its wire-form sample).
 */
export function toWireForm(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replaceAll('<', '\\u003C')
    .replaceAll('>', '\\u003E')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Value of `X-Hub-Signature-256` for a body. */
export function signBody(body: string | Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}

/** `appsecret_proof`: lower-case hex HMAC-SHA256 of the access token under the app secret. */
export function proofOf(token: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(token).digest('hex');
}

/** A `signed_request` as the data-deletion and deauthorise callbacks carry it: `base64url(sig).base64url(payload)`. */
export function signedRequest(payload: Record<string, unknown>, appSecret: string): string {
  const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${createHmac('sha256', appSecret).update(encoded).digest('base64url')}.${encoded}`;
}

/** Body of one webhook: events of one Page and one array, sent at `now`. Own file paths become absolute URLs. */
export function envelope(webhooks: readonly Webhook[], now: number, baseUrl: string): unknown {
  const first = webhooks[0];
  if (first === undefined) throw new Error('an envelope needs an event');
  const events = webhooks.map((webhook) => absolute(webhook.event, baseUrl));
  return { object: 'page', entry: [{ id: first.pageId, time: now, [first.channel]: events }] };
}

/** Copies a JSON value with every `url` that is a path of our file store made absolute. */
function absolute(value: unknown, baseUrl: string): unknown {
  if (Array.isArray(value)) return value.map((item) => absolute(item, baseUrl));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'url' && typeof item === 'string' && item.startsWith('/files/')
        ? baseUrl + item
        : absolute(item, baseUrl),
    ]),
  );
}
