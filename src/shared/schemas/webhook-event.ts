import { z } from 'zod';
import { SHOWN_EVENT_STATES } from '../words.js';
import { count, milliseconds } from './basics.js';
import { pageQuery } from './paging.js';

/** A stored webhook event for whoever looks after the channels; its payload stays inside. */
export const webhookEventDto = z.strictObject({
  id: z.string(),
  channel: z.string(),
  accountId: z.string(),
  receivedAt: milliseconds,
  error: z.string().nullable(),
  tries: count,
});
export type WebhookEventDto = z.infer<typeof webhookEventDto>;

export const webhookEventQuery = z.strictObject({ state: z.enum(SHOWN_EVENT_STATES).default('parked'), ...pageQuery });
