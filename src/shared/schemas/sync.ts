import { z } from 'zod';
import { LIMITS } from '../limits.js';
import { id, rev } from './basics.js';
import { conversationRowDto, customerConversationDto, inConversation } from './conversation.js';
import { customerMessageDto, messageDto } from './message.js';
import { pageOf, pageQuery } from './paging.js';
import { listView, viewCounts } from './view.js';

/** Catch-up (PROTOCOLS 4): what a client holds, and what differs. */

export const threadSyncInput = inConversation.extend({ rev });

/** What changed in a thread since a revision. `rev` is the new cursor; `more`: ask again with it. */
export const threadSync = z.strictObject({
  conversation: conversationRowDto,
  messages: z.array(messageDto),
  rev: z.number().int(),
  more: z.boolean(),
});
export type ThreadSync = z.infer<typeof threadSync>;

/** The first rows of a view, as the client holds them. */
export const listSyncInput = z.strictObject({
  view: listView,
  rows: z.array(z.strictObject({ id, version: rev })).max(LIMITS.listRows),
});

/** The true state of a view's first rows: ids in order, rows that differ from what the client named, and counts. */
export const listSync = z.strictObject({
  ids: z.array(z.string()),
  changed: z.array(conversationRowDto),
  counts: viewCounts,
  /** Moves when the user's rights change; a client that sees another value than before reloads everything. */
  scopeRev: z.number().int(),
});
export type ListSync = z.infer<typeof listSync>;

/** Null names the visitor's current conversation. */
export const customerSyncInput = z.strictObject({ conversationId: id.nullable(), rev });

export const customerSync = z.strictObject({
  /** Null: this visitor has no conversation yet. */
  conversation: customerConversationDto.nullable(),
  messages: z.array(customerMessageDto),
  rev: z.number().int(),
  more: z.boolean(),
});
export type CustomerSync = z.infer<typeof customerSync>;

/** What a page of a thread is asked with: `before` is the cursor of the page after it. */
export const threadQuery = z.strictObject({ before: pageQuery.cursor, limit: pageQuery.limit });

/** One page of a thread, in reading order, with the revision that was read before it. */
export const threadPage = pageOf(messageDto).extend({ rev: z.number().int() });
export type ThreadPage = z.infer<typeof threadPage>;
