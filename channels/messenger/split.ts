import { MalformedWebhookError } from '../errors.js';
import type { WebhookItem } from '../types.js';
import { dedupeKey, hashKey } from './dedupe-key.js';
import { contactOf } from './events.js';
import { id, millis, parseLossless, record, type Json } from './fields.js';
import type { StoredEvent } from './types.js';

const LISTS = ['messaging', 'standby', 'changes'] as const;
const UNKNOWN_ACCOUNT = '0';
const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Deeper levels are cut off: whoever walks over the event by recursion survives it. */
const DEEPEST = 50;

/**
 * One item per element of `messaging`, `standby` and `changes`. What we do not know (another `object`, an entry without such
 * a list) becomes an item too, so that it is stored and counted. Throws MalformedWebhookError for what is no envelope.
 */
export function splitWebhook(rawBody: Buffer): WebhookItem[] {
  const body = readBody(rawBody);
  const object = body.object;
  if (typeof object !== 'string') throw new MalformedWebhookError('the body names no object');
  if (object === 'page' && !Array.isArray(body.entry)) throw new MalformedWebhookError('the body has no entries');

  const entries: unknown[] = Array.isArray(body.entry) ? body.entry : [body];
  return entries.flatMap((entry) => {
    const content = object === 'page' ? record(entry) : null;
    return content === null ? [unknownItem(object, entry)] : splitEntry(content);
  });
}

function readBody(rawBody: Buffer): Json {
  let body: unknown;
  try {
    body = parseLossless(UTF8.decode(rawBody));
  } catch {
    throw new MalformedWebhookError('the body is not JSON');
  }
  const content = record(body);
  if (content === null) throw new MalformedWebhookError('the body is not a JSON object');
  return content;
}

function splitEntry(entry: Json): WebhookItem[] {
  const accountId = id(entry.id) ?? UNKNOWN_ACCOUNT;
  const envelope = { object: 'page', time: millis(entry.time) };
  const lists = LISTS.filter((list) => Array.isArray(entry[list]));
  if (lists.length === 0) return [accountItem(accountId, { ...envelope, list: 'entry', event: storable(entry) })];
  return lists.flatMap((list) =>
    (entry[list] as unknown[]).map((element) => {
      const payload = { ...envelope, list, event: storable(element) };
      return list === 'changes' ? accountItem(accountId, payload) : messagingItem(accountId, payload);
    }),
  );
}

function messagingItem(accountId: string, payload: StoredEvent): WebhookItem {
  return {
    accountId,
    contactId: contactOf(payload.event, accountId),
    dedupeKey: dedupeKey(payload.event, accountId),
    occurredAt: millis(payload.event.timestamp),
    sentAt: payload.time,
    payload,
  };
}

/** An item that concerns nobody: a Page topic or something unknown. */
function accountItem(accountId: string, payload: StoredEvent): WebhookItem {
  const { time: _sent, ...content } = payload.event;
  return {
    accountId,
    contactId: null,
    dedupeKey: hashKey(payload.list, [accountId, payload.object, content]),
    occurredAt: null,
    sentAt: payload.time,
    payload,
  };
}

function unknownItem(object: string, entry: unknown): WebhookItem {
  const time = millis(record(entry)?.time);
  return accountItem(UNKNOWN_ACCOUNT, { object, list: 'entry', time, event: storable(entry) });
}

/** The event as an object that can be stored and read again. */
function storable(event: unknown): Json {
  const cut = isDeeper(event, DEEPEST) ? shallow(event, DEEPEST) : event;
  return record(cut) ?? { value: cut };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}

function shallow(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '(nested too deep)';
  if (Array.isArray(value)) return value.map((item) => shallow(item, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shallow(item, levels - 1)]));
}
