import type Router from '@koa/router';
import type { Context } from 'koa';
import rawBody from 'raw-body';
import { fieldOf } from '../events.js';
import { urlOf } from '../files.js';
import { newId } from '../ids.js';
import { misplaced } from '../rules.js';
import type { Page, Rule } from '../types.js';
import { signBody, signedRequest } from '../wire.js';
import type { World } from '../world.js';
import { ApiError, inputOf } from './endpoint.js';
import * as schema from './schema.js';

const MAX_FILE = '25mb';

/** Settings, files, posts to the hub by hand, and starting over. */
export function controlRoutes(router: Router, world: World, reset: () => void): void {
  const { ledger, app } = world;

  router.put('/settings', (ctx) => {
    const given = Object.entries(inputOf(ctx, schema.settings)).filter(([, value]) => value !== undefined);
    ledger.write({ type: 'settings', settings: { ...ledger.settings, ...Object.fromEntries(given) } });
    ctx.body = ledger.settings;
  });

  /** Bytes that a person is going to send; the name is in the query. */
  router.post('/files', async (ctx) => {
    if (ctx.is('application/octet-stream') === false) throw new ApiError(415, 'send application/octet-stream');
    const bytes = await rawBody(ctx.req, { length: ctx.request.length, limit: MAX_FILE });
    if (bytes.length === 0) throw new ApiError(400, 'the file is empty');
    const file = await world.files.save(bytes, new URLSearchParams(ctx.querystring).get('name') ?? 'file');
    ctx.status = 201;
    ctx.body = { ...file, url: urlOf(file) };
  });

  /** Any bytes to the hub's webhook, once; answers what the hub said. */
  router.post('/webhooks/raw', async (ctx) => {
    const { body, base64, signature } = inputOf(ctx, schema.rawWebhook);
    const bytes = base64 === undefined ? Buffer.from(body ?? '') : Buffer.from(base64, 'base64');
    const secret = signature === 'valid' ? app.secret : `not-${app.secret}`;
    ctx.body = await world.sender.postRaw(bytes, signature === 'none' ? null : signBody(bytes, secret));
  });

  /** A data-deletion or deauthorise callback; answers what the hub said. */
  router.post('/callbacks', async (ctx) => {
    const { url, userId } = inputOf(ctx, schema.callback);
    const issued = { algorithm: 'HMAC-SHA256', issued_at: Math.floor(world.now() / 1000), user_id: userId };
    const form = new URLSearchParams({ signed_request: signedRequest(issued, app.secret) });
    const answer = await world.http.post<Buffer>(url, form);
    ctx.body = { status: answer.status, body: answer.data.toString('utf8') };
  });

  router.post('/reset', (ctx) => {
    inputOf(ctx, schema.nothing);
    reset();
    ctx.status = 204;
  });
}

/** Misbehaviour, switched on and off. */
export function ruleRoutes(router: Router, { ledger }: World): void {
  router.post('/rules', (ctx) => {
    const input = inputOf(ctx, schema.newRule);
    const complaint = misplaced(input.kind, input.mode);
    if (complaint !== null) throw new ApiError(400, complaint);
    const rule: Rule = { id: newId('rule'), ...input };
    ledger.write({ type: 'rules', rules: [...ledger.rules, rule] });
    ctx.status = 201;
    ctx.body = rule;
  });
  router.delete('/rules', (ctx) => {
    ledger.write({ type: 'rules', rules: [] });
    ctx.status = 204;
  });
  router.delete('/rules/:id', (ctx) => {
    const { id } = ctx.params as { id: string };
    if (!ledger.rules.some((rule) => rule.id === id)) throw new ApiError(404, 'there is no such rule');
    ledger.write({ type: 'rules', rules: ledger.rules.filter((rule) => rule.id !== id) });
    ctx.status = 204;
  });
}

/** A Page's token and subscription, and events that concern the Page. */
export function pageRoutes(router: Router, world: World): void {
  const { ledger } = world;

  router.post('/pages/:id/token', (ctx) => {
    const page = pageOf(world, ctx);
    const { token = page.token, fault } = inputOf(ctx, schema.pageToken);
    ledger.write({ type: 'page', page: { ...page, token, tokenFault: fault } });
    ctx.status = 204;
  });
  router.post('/pages/:id/subscription', (ctx) => {
    const page = pageOf(world, ctx);
    ledger.write({ type: 'page', page: { ...page, subscribedFields: inputOf(ctx, schema.pageSubscription).fields } });
    ctx.status = 204;
  });
  /** An event that concerns the Page and nobody in particular, such as policy enforcement. */
  router.post('/pages/:id/events', (ctx) => {
    const page = pageOf(world, ctx);
    const body = { recipient: { id: page.id }, timestamp: world.now(), ...inputOf(ctx, schema.rawEvent).event };
    void world.sender.emit(page.id, { field: fieldOf(body), personId: null, body });
    ctx.status = 202;
  });
}

function pageOf({ ledger }: World, ctx: Context): Page {
  const { id } = ctx.params as { id: string };
  const page = ledger.pages.get(id);
  if (page === undefined) throw new ApiError(404, `there is no Page ${id}`);
  return page;
}
