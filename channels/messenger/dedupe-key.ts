import { createHash } from 'node:crypto';
import { isFromPage, kindOf } from './events.js';
import { id, record, type Json } from './fields.js';

const LONGEST_READABLE_KEY = 300;

/**
 * The key under which an event is stored once per Page. Made of the message's id where Meta gives one, with what tells
 * several events about one message apart; else of what the event says. `entry.time` and the list it came in are left out:
 * they differ between deliveries of one event.
 */
export function dedupeKey(event: Json, accountId: string): string {
  const kind = kindOf(event);
  const body = record(event[kind]) ?? {};
  const mid = id(body.mid);
  const key = mid === null ? null : keyByMid(kind, mid, body, event, accountId);
  return key !== null && key.length <= LONGEST_READABLE_KEY ? key : hashKey(kind, [accountId, event]);
}

function keyByMid(kind: string, mid: string, body: Json, event: Json, accountId: string): string | null {
  switch (kind) {
    case 'message':
      if (body.is_deleted === true) return `unsend:${mid}`;
      return `${isFromPage(event, accountId) ? 'echo' : 'message'}:${mid}`;
    case 'postback':
      return `postback:${mid}`;
    case 'message_edit':
      return `edit:${mid}:${id(body.num_edit) ?? ''}`;
    case 'reaction':
      return `reaction:${[mid, id(record(event.sender)?.id), id(body.action), id(event.timestamp)].join(':')}`;
    default:
      return null;
  }
}

/** A key for what has no id: equal content, equal key, whatever the order of its fields. */
export function hashKey(kind: string, content: unknown): string {
  return `${kind.slice(0, 40)}:${createHash('sha256').update(canonical(content)).digest('base64url')}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = record(value);
  if (object === null) return JSON.stringify(value);
  const fields = Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`);
  return `{${fields.join(',')}}`;
}
