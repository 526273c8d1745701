import type { QueryFilter } from 'mongoose';
import { validationError } from '../errors.js';
import {
  ConversationModel,
  MessageModel,
  WebhookEventModel,
  type Conversation,
  type Message,
  type WebhookEvent,
} from '../models/index.js';
import { VIEW_ORDER } from '../models/conversation-views.js';
import { onStore } from '../storage/in-transaction.js';

/** A page of rows and the cursor of the next one; null: there is none. */
export interface Rows<T> {
  rows: T[];
  cursor: string | null;
}

/** Cursors are opaque to clients: the sort key of the last row. */
const encode = (time: Date, key: string): string => Buffer.from(`${time.getTime()} ${key}`).toString('base64url');

/** Keys that are ids; what follows a platform may be any text. */
const ID = /^[0-9a-f]{24}$/;

function decode(cursor: string, keys = /./): { time: Date; key: string } {
  const match = /^(\d{1,15}) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (match === null || !keys.test(match[2] ?? ''))
    throw validationError([{ field: 'cursor', message: 'is not a cursor of this list' }]);
  return { time: new Date(Number(match[1])), key: match[2] ?? '' };
}

function page<T>(found: T[], limit: number, cursorOf: (row: T) => string): Rows<T> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, cursor: found.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** A page of a list view, by its filter (`filterOfView`). The bound beside the `$or` keeps deep pages one index range. */
export async function pageOfView(
  filter: QueryFilter<Conversation>,
  cursor: string | undefined,
  limit: number,
): Promise<Rows<Conversation>> {
  const after = cursor === undefined ? null : decode(cursor, ID);
  const bound =
    after === null
      ? {}
      : {
          lastActivityAt: { $lte: after.time },
          $or: [{ lastActivityAt: { $lt: after.time } }, { lastActivityAt: after.time, _id: { $lt: after.key } }],
        };
  const found = await onStore(
    ConversationModel.find({ ...filter, ...bound })
      .sort(VIEW_ORDER)
      .limit(limit + 1)
      .lean()
      .exec(),
  );
  return page(found, limit, (row) => encode(row.lastActivityAt, String(row._id)));
}

/** The newest messages of a thread before a cursor, in reading order. */
export async function pageOfThread(
  conversationId: string,
  before: string | undefined,
  limit: number,
): Promise<Rows<Message>> {
  const after = before === undefined ? null : decode(before);
  const bound =
    after === null
      ? {}
      : {
          orderAt: { $lte: after.time },
          $or: [{ orderAt: { $lt: after.time } }, { orderAt: after.time, tieKey: { $lt: after.key } }],
        };
  const found = await onStore(
    MessageModel.find({ conversation: conversationId, ...bound })
      .sort({ orderAt: -1, tieKey: -1 })
      .limit(limit + 1)
      .lean()
      .exec(),
  );
  const { rows, cursor } = page(found, limit, (row) => encode(row.orderAt, row.tieKey));
  return { rows: rows.reverse(), cursor };
}

/** Stored webhook events in one state, newest first. */
export async function pageOfEvents(
  state: WebhookEvent['state'],
  cursor: string | undefined,
  limit: number,
): Promise<Rows<WebhookEvent>> {
  const after = cursor === undefined ? null : decode(cursor, ID);
  const found = await onStore(
    WebhookEventModel.find({ state, ...(after === null ? {} : { _id: { $lt: after.key } }) })
      .sort({ _id: -1 })
      .limit(limit + 1)
      .lean()
      .exec(),
  );
  return page(found, limit, (row) => encode(row.receivedAt, String(row._id)));
}
