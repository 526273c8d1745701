import type { Context, Middleware } from 'koa';
import rawBody from 'raw-body';
import { ChannelVerificationError, MalformedWebhookError } from '../../../channels/errors.js';
import type { ChannelAdapter, WebhookItem } from '../../../channels/types.js';
import type { Hub } from '../../hub.js';
import { hasPossibleIds } from '../../commands/inbound/bounds.js';
import { createWebhookStore, laneOf } from '../../commands/inbound/store-webhook-items.js';
import { AppError, forbidden, notFound, tooLarge, unauthenticated } from '../../errors.js';
import type { IntakeStats } from './intake-stats.js';

/** Largest webhook body. Bytes. */
const LIMIT = 1024 * 1024;
const PATH = /^\/webhooks\/([a-z0-9-]+)\/?$/;

/**
 * The one ingress of all platforms (DESIGN 4): raw bytes, verify, split, one insert, a hint per lane, 200. Answers 200 only once
 * every event of the batch is stored; events with ids that no platform gives are left out.
 */
export function createIngress(hub: Hub, stats: IntakeStats): Middleware {
  const store = createWebhookStore(hub);
  return async (ctx, next) => {
    const match = PATH.exec(ctx.path);
    if (match === null) return next();
    const adapter = hub.channels.get(match[1] ?? '');
    if (adapter?.verifyWebhook === undefined || adapter.splitWebhook === undefined) throw notFound('This address');
    const env = hub.env.channels[adapter.name];
    if (ctx.method === 'GET') return answerChallenge(ctx, adapter, env);
    if (ctx.method !== 'POST') throw new AppError(405, 'METHOD_NOT_ALLOWED', 'Use GET or POST here.');

    const body = await readBody(ctx);
    const items = possible(adapter.name, split(adapter, body, ctx, env, stats), stats);
    await store(adapter.name, items);
    stats.accepted(adapter.name, items, hub.now());
    for (const lane of new Set(items.map((item) => laneOf(adapter.name, item)))) hub.hints.inbound(lane);
    ctx.type = 'text/plain';
    ctx.body = 'EVENT_RECEIVED';
  };
}

function answerChallenge(ctx: Context, adapter: ChannelAdapter, env: unknown): void {
  const answer = adapter.answerChallenge?.(new URLSearchParams(ctx.querystring), env) ?? null;
  if (answer === null) throw forbidden('The verify token does not match.');
  ctx.type = 'text/plain';
  ctx.body = answer;
}

async function readBody(ctx: Context): Promise<Buffer> {
  try {
    const length = ctx.request.length;
    return await rawBody(ctx.req, { limit: LIMIT, ...(length === undefined ? {} : { length }) });
  } catch (error) {
    if ((error as { status?: number }).status === 413) {
      ctx.set('Connection', 'close');
      throw tooLarge('A webhook body may have at most 1 MiB.');
    }
    throw new AppError(400, 'BAD_REQUEST', 'The body could not be read.', { cause: error });
  }
}

function split(adapter: ChannelAdapter, rawBytes: Buffer, ctx: Context, env: unknown, stats: IntakeStats) {
  try {
    adapter.verifyWebhook?.({ rawBody: rawBytes, headers: ctx.headers }, env);
  } catch (error) {
    if (!(error instanceof ChannelVerificationError)) throw error;
    stats.refused(adapter.name);
    throw unauthenticated('The signature does not match.');
  }
  try {
    return adapter.splitWebhook?.(rawBytes) ?? [];
  } catch (error) {
    if (!(error instanceof MalformedWebhookError)) throw error;
    throw new AppError(400, 'MALFORMED_JSON', 'The body is not what this platform sends.');
  }
}

/** What names impossible accounts or contacts is left out and counted; a body of nothing else is no webhook. */
function possible(channel: string, items: WebhookItem[], stats: IntakeStats): WebhookItem[] {
  const kept = items.filter(hasPossibleIds);
  if (kept.length === items.length) return items;
  stats.ignored(channel, items.length - kept.length);
  if (kept.length === 0)
    throw new AppError(400, 'IMPOSSIBLE_ID', 'The body names ids that are longer than any platform’s.');
  return kept;
}
