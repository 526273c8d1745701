import { z } from 'zod';
import { replayEvent } from '../../commands/replay-event.js';
import { pageOfEvents } from '../../reads/pages.js';
import { LIMITS } from '../../shared/limits.js';
import { defineRoute, idParams, type Route } from '../route.js';

/** Webhook events that need a person (SPEC 2.3, channel doctor). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/webhook-events',
    access: 'staff',
    ability: 'webhookEvent.manage',
    summary: 'List stored webhook events in one state, newest first',
    input: {
      query: z.strictObject({
        state: z.enum(['parked', 'unroutable', 'waiting', 'ignored', 'pending']).default('parked'),
        cursor: z.string().max(500).exactOptional(),
        limit: z.coerce.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPageDefault),
      }),
    },
    output: z.strictObject({
      items: z.array(
        z.strictObject({
          id: z.string(),
          channel: z.string(),
          accountId: z.string(),
          receivedAt: z.number().int(),
          error: z.string().nullable(),
          tries: z.number().int(),
        }),
      ),
      cursor: z.string().nullable(),
    }),
    handle: async ({ input: { query } }) => {
      const { rows, cursor } = await pageOfEvents(query.state, query.cursor, query.limit);
      const items = rows.map((row) => ({
        id: String(row._id),
        channel: row.channel,
        accountId: row.accountId,
        receivedAt: row.receivedAt.getTime(),
        error: row.error ?? null,
        tries: row.tries,
      }));
      return { items, cursor };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/webhook-events/:id/replay',
    access: 'staff',
    ability: 'webhookEvent.manage',
    summary: 'Apply a parked event again',
    input: { params: idParams },
    handle: async ({ hub, input }) => {
      await replayEvent(hub, input.params.id);
      return null;
    },
  }),
];
