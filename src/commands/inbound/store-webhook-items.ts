import mongoose from 'mongoose';
import type { WebhookItem } from '../../../channels/types.js';
import { unavailable } from '../../errors.js';
import { WebhookEventModel } from '../../models/index.js';
import { asStoreFault, COMMAND_DEADLINE } from '../../storage/in-transaction.js';
import type { Clock } from '../../utils/clock.js';
import { crashPoint } from '../../utils/crash-points.js';
import { withDeadline } from '../../utils/deadline.js';

type Row = Record<string, unknown>;

interface Waiting {
  rows: Row[];
  /** Nobody waits for it any longer than this. Milliseconds since the epoch. */
  until: number;
  resolve(): void;
  reject(error: unknown): void;
}

const DUPLICATE_KEY = 11_000;
/** Rows of one shared insert. */
const MOST_ROWS = 500;

/** The lane of an event: its contact on its account; events without one share the account's lane (PROTOCOLS 6). */
export const laneOf = (channel: string, item: Pick<WebhookItem, 'accountId' | 'contactId'>): string =>
  `in:${channel}:${item.accountId}:${item.contactId ?? 'account'}`;

/**
 * Stores webhook events before they are acknowledged. Requests that arrive while an insert is under way share the next one, so that
 * a burst costs few round trips and a quiet moment no delay (PROTOCOLS 5).
 */
export function createWebhookStore(clock: Clock): (channel: string, items: WebhookItem[]) => Promise<void> {
  let waiting: Waiting[] = [];
  let inserting = false;

  const insertWaiting = async (): Promise<void> => {
    inserting = true;
    while (waiting.length > 0) {
      const batch = takeBatch();
      if (batch.length > 0) await insertFor(batch);
    }
    inserting = false;
  };

  const takeBatch = (): Waiting[] => {
    // What was refused meanwhile is delivered again.
    waiting = waiting.filter((entry) => entry.until > performance.now());
    let rows = 0;
    let count = 0;
    for (const entry of waiting) {
      if (count > 0 && rows + entry.rows.length > MOST_ROWS) break;
      rows += entry.rows.length;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  };

  return (channel, items) => {
    if (items.length === 0) return Promise.resolve();
    const now = new Date(clock.now());
    const rows = items.map((item) => toRow(channel, item, now));
    const stored = new Promise<void>((resolve, reject) => {
      waiting.push({ rows, until: performance.now() + COMMAND_DEADLINE, resolve, reject });
      if (!inserting) void insertWaiting();
    });
    return inTime(stored);
  };
}

/** Whoever waits behind an insert of others that is stuck is answered as soon as they are (SPEC 15, R8). */
async function inTime(stored: Promise<void>): Promise<void> {
  try {
    await withDeadline(stored, COMMAND_DEADLINE);
  } catch (error) {
    throw asStoreFault(error);
  }
}

const toRow = (channel: string, item: WebhookItem, now: Date): Row => ({
  _id: new mongoose.Types.ObjectId(),
  channel,
  accountId: item.accountId,
  contactId: item.contactId,
  dedupeKey: item.dedupeKey,
  lane: laneOf(channel, item),
  payload: JSON.stringify(item.payload),
  occurredAt: item.occurredAt === null ? null : new Date(item.occurredAt),
  sentAt: item.sentAt === null ? null : new Date(item.sentAt),
  receivedAt: now,
  state: 'pending',
  dueAt: now,
  tries: 0,
  error: null,
  finishedAt: null,
});

/** One unordered insert for several requests; each is answered by the fate of its own rows. */
async function insertFor(batch: Waiting[]): Promise<void> {
  const rows = batch.flatMap((entry) => entry.rows);
  const failed = await insertUnordered(rows);
  let first = 0;
  for (const entry of batch) {
    const end = first + entry.rows.length;
    const own = failed === 'all' || failed.indexes.some((index) => index >= first && index < end);
    if (own) entry.reject(unavailable(failed === 'all' ? undefined : failed.cause));
    else entry.resolve();
    first = end;
  }
}

/**
 * The raw collection, because Mongoose's own unordered insert drops invalid documents and resolves. A duplicate is an event that is
 * stored already. A write-concern error has empty `writeErrors`, so it fails everything.
 * @returns the rows that are not stored.
 */
async function insertUnordered(rows: Row[]): Promise<'all' | { indexes: number[]; cause: unknown }> {
  crashPoint('beforeWebhookInsert');
  try {
    await withDeadline(WebhookEventModel.collection.insertMany(rows as never[], { ordered: false }), COMMAND_DEADLINE);
    crashPoint('afterWebhookInsert');
    return { indexes: [], cause: undefined };
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return 'all';
    const writeErrors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
    const concern: unknown = error.result.getWriteConcernError();
    if (writeErrors.length === 0 || concern) return 'all';
    const indexes = writeErrors.filter((entry) => entry.code !== DUPLICATE_KEY).map((entry) => entry.index);
    return { indexes, cause: error };
  }
}
