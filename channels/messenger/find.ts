import type { OutboundPart } from '../types.js';
import { USER_REF } from './events.js';
import { id, record, records, text, type Json } from './fields.js';
import { callGraph } from './graph.js';
import type { MessengerContext } from './types.js';

/** Meta tells what a message says of the newest 20 of a thread only (Meta's page "Conversations API"). */
const NEWEST = 20;
/** Of the messages before them it lists the ids; no more than this in one answer, as app developers report. */
const LISTED = 100;

type Found = { externalId: string; at: number } | 'absent' | 'unknown';
type KnownIds = (ids: string[]) => Promise<ReadonlySet<string>>;

interface Entry {
  id: string | null;
  /** Whole seconds; NaN: it cannot be read. */
  at: number;
  message: Json;
}

/** The newest messages of a thread, newest first. */
interface Listing {
  entries: Entry[];
  /** They are all there is. */
  isWhole: boolean;
}

/**
 * Looks a part up in the thread (Conversations API), as Meta has no idempotency key: by what it says among the newest messages; in a
 * thread too busy for these to reach back beyond `since`, by the ids of those before, which are all on other messages if it is absent.
 */
export async function find(
  part: OutboundPart,
  since: number,
  knownIds: KnownIds,
  context: MessengerContext,
): Promise<Found> {
  if (part.recipientId.startsWith(USER_REF)) return 'unknown';
  const from = Math.floor(since / 1000) * 1000;
  const newest = await list(NEWEST, 'id,created_time,from,message', part.recipientId, context);
  if (newest === null) return 'unknown';

  const candidates = newest.entries
    .filter(({ at, message }) => at >= from && isFrom(message, context.accountId) && says(message, part.content))
    .sort((a, b) => a.at - b.at);
  const known = await knownIds(idsOf(candidates));
  for (const { id: externalId, at } of candidates) {
    if (externalId !== null && !known.has(externalId)) return { externalId, at };
  }
  if (reachesBack(newest, from)) return 'absent';
  return (await isHidden(newest.entries, from, part.recipientId, knownIds, context)) ? 'unknown' : 'absent';
}

/** Whether a message of unknown origin may lie before the newest ones. */
async function isHidden(
  newest: Entry[],
  from: number,
  psid: string,
  knownIds: KnownIds,
  context: MessengerContext,
): Promise<boolean> {
  const listed = await list(LISTED, 'id,created_time', psid, context);
  // No longer than the first list: the platform may cut it short without a word.
  if (listed === null || listed.entries.length <= newest.length || !reachesBack(listed, from)) return true;
  const seen = new Set(idsOf(newest));
  const before = listed.entries.filter((entry) => !(entry.at < from) && (entry.id === null || !seen.has(entry.id)));
  const ids = idsOf(before);
  const known = await knownIds(ids);
  return ids.length < before.length || ids.some((externalId) => !known.has(externalId));
}

const idsOf = (entries: Entry[]): string[] => entries.flatMap((entry) => (entry.id === null ? [] : [entry.id]));

/** Whether everything since then is listed. */
const reachesBack = ({ entries, isWhole }: Listing, from: number): boolean =>
  isWhole || entries.some(({ at }) => at < from);

/** Null: the platform does not answer, shows no such thread, or not in a shape that we know. */
async function list(limit: number, fields: string, psid: string, context: MessengerContext): Promise<Listing | null> {
  const query = { platform: 'messenger', user_id: psid, fields: `messages.limit(${limit}){${fields}}` };
  const path = `${context.accountId}/conversations`;
  const answer = await callGraph({ method: 'GET', path, query, effect: 'nothing' }, context).catch(() => null);
  const threads = records(answer?.body.data).map((thread) => record(thread.messages));
  if (threads.length === 0 || !threads.every((messages) => Array.isArray(messages?.data))) return null;
  const entries = threads
    .flatMap((messages) => records(messages?.data))
    .map((message) => ({ id: id(message.id), at: Date.parse(String(message.created_time)), message }));
  // A list may be cut shorter than asked; then there is a next page (Meta's page "Paginated Results").
  const goesOn = threads.some((messages) => text(record(messages?.paging)?.next) !== null);
  return { entries, isWhole: entries.length < limit && !goesOn };
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
