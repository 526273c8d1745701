import { replayEvent } from '../../commands/inbound/replay-event.js';
import { pageOfEvents } from '../../reads/pages.js';
import { idParams } from '../../shared/schemas/basics.js';
import { pageOf } from '../../shared/schemas/paging.js';
import { webhookEventDto, webhookEventQuery } from '../../shared/schemas/webhook-event.js';
import { defineRoute, type Route } from '../route.js';

/** Webhook events that need a person (SPEC 2.3, channel doctor). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/webhook-events',
    access: 'staff',
    ability: 'webhookEvent.manage',
    summary: 'List stored webhook events in one state, newest first',
    input: { query: webhookEventQuery },
    output: pageOf(webhookEventDto),
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
