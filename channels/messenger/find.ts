import type { OutboundPart } from '../types.js';
import { USER_REF } from './events.js';
import { id, record, records, type Json } from './fields.js';
import { callGraph } from './graph.js';
import type { MessengerContext } from './types.js';

const NEWEST = 20;

type Found = { externalId: string; at: number } | 'absent' | 'unknown';

/**
 * Looks a part up among the newest messages of the thread (Conversations API), as Meta has no idempotency key. `absent` only
 * if the list reaches back beyond `since`; times there are whole seconds.
 */
export async function find(
  part: OutboundPart,
  since: number,
  knownIds: (id: string) => Promise<boolean>,
  context: MessengerContext,
): Promise<Found> {
  if (part.recipientId.startsWith(USER_REF)) return 'unknown';
  const messages = await newestMessages(part.recipientId, context).catch(() => null);
  if (messages === null) return 'unknown';

  const from = Math.floor(since / 1000) * 1000;
  const timed = messages.map((message) => ({ message, at: Date.parse(String(message.created_time)) }));
  const candidates = timed
    .filter(({ message, at }) => at >= from && isFrom(message, context.accountId) && says(message, part.content))
    .sort((a, b) => a.at - b.at);
  for (const { message, at } of candidates) {
    const externalId = id(message.id);
    if (externalId !== null && !(await knownIds(externalId))) return { externalId, at };
  }
  const reachesBack = messages.length < NEWEST || timed.some(({ at }) => at < from);
  return reachesBack ? 'absent' : 'unknown';
}

/** Null: the answer shows no such thread, or not in a shape that we know. */
async function newestMessages(psid: string, context: MessengerContext): Promise<Json[] | null> {
  const query = {
    platform: 'messenger',
    user_id: psid,
    fields: `messages.limit(${NEWEST}){id,created_time,from,message}`,
  };
  const path = `${context.accountId}/conversations`;
  const { body } = await callGraph({ method: 'GET', path, query, effect: 'nothing' }, context);
  const threads = records(body.data).map((thread) => record(thread.messages)?.data);
  return threads.length > 0 && threads.every(Array.isArray) ? threads.flatMap(records) : null;
}

function isFrom(message: Json, accountId: string): boolean {
  return id(record(message.from)?.id) === accountId;
}

/** An attachment shows as a message without text. */
function says(message: Json, content: OutboundPart['content']): boolean {
  const said = typeof message.message === 'string' ? message.message : '';
  return comparable(said) === (content.kind === 'text' ? comparable(content.text) : '');
}

/** Platforms tidy white space and compose characters. */
function comparable(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
