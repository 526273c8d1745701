import { readFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { Context, Middleware, Next } from 'koa';
import send from 'koa-send';
import type { Hub } from '../../hub.js';
import { findDemoInboxKey } from '../../commands/inboxes/widget-inbox.js';
import { notFound } from '../../errors.js';
import { allowOtherSites, allowPage } from './security-headers.js';

/** Milliseconds that browsers may keep a file without asking. */
const A_YEAR = 365 * 24 * 3_600_000;
const FIVE_MINUTES = 5 * 60_000;

/** Where the build puts the pages, seen from the sources as from the build itself. */
export function defaultWebRoot(): string {
  const root = resolve(import.meta.dirname, '../../..');
  return basename(root) === 'dist' ? join(root, 'web') : join(root, 'dist/web');
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Sends a file; the build has put compressed ones beside it (`.br`, `.gz`), which are taken if the browser accepts them. */
async function sendFile(ctx: Context, path: string, root: string, forever: boolean): Promise<void> {
  const sent = await send(ctx, path, { root, maxage: forever ? A_YEAR : FIVE_MINUTES, immutable: forever });
  if (typeof sent !== 'string') throw notFound('This file');
  const type = TYPES[extname(sent.replace(/\.(br|gz)$/, ''))];
  if (type !== undefined) ctx.set('Content-Type', type);
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    ctx.body = null;
  }
}

async function sendPage(hub: Hub, ctx: Context, file: string, values: Record<string, string> = {}): Promise<void> {
  const html = await readPage(file);
  const nonce = allowPage(hub.env, ctx);
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'html';
  ctx.body = Object.entries({ ...values, __CSP_NONCE__: nonce }).reduce(
    (text, [mark, value]) => text.replaceAll(mark, value),
    html,
  );
}

async function readPage(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notFound('This page');
    throw error;
  }
}

/**
 * The built pages: the widget's files for every site, the demo shop, and the inbox, whose client-side routes all get its
 * index.html. Names below `/assets` carry a content hash, the widget's files a `?v=`; both are kept for a year.
 */
export function servePages(hub: Hub, webRoot: string): Middleware {
  const inbox = join(webRoot, 'inbox');

  const serveWidget = async (ctx: Context): Promise<void> => {
    allowOtherSites(ctx);
    const path = ctx.path === '/widget.js' ? '/widget.js' : ctx.path.slice('/widget'.length);
    await sendFile(ctx, path, join(webRoot, 'widget'), typeof ctx.query['v'] === 'string');
  };

  const serveShop = async (ctx: Context): Promise<void> => {
    if (!hub.env.DEMO) throw notFound('This page');
    const path = ctx.path.slice('/shop'.length);
    if (path !== '' && path !== '/') return sendFile(ctx, path, join(webRoot, 'shop'), false);
    const inboxKey = (await findDemoInboxKey(hub)) ?? '';
    await sendPage(hub, ctx, join(webRoot, 'shop/index.html'), { '{{inboxKey}}': inboxKey });
  };

  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (ctx.path === '/widget.js' || ctx.path.startsWith('/widget/')) return serveWidget(ctx);
    if (ctx.path === '/shop' || ctx.path.startsWith('/shop/')) return serveShop(ctx);
    if (ctx.path.startsWith('/assets/')) return sendFile(ctx, ctx.path, inbox, true);
    if (extname(ctx.path) !== '' && ctx.path !== '/index.html') return sendFile(ctx, ctx.path, inbox, false);
    if (ctx.accepts('html') === false) return next();
    await sendPage(hub, ctx, join(inbox, 'index.html'));
  };
}
