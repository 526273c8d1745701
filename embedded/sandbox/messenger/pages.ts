import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Middleware } from 'koa';
import send from 'koa-send';
import { isInline } from './files.js';
import { avatarPng, shopPng } from './png.js';
import type { World } from './world.js';

/** Everything comes from here, except images that a template names. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "img-src 'self' data: blob: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ASSET_AGE_MS = 365 * 24 * 3_600_000;

/** Where the build puts the phone page, seen from the sources as well as from the compiled files. */
export function defaultWebRoot(): string {
  const here = fileURLToPath(import.meta.url);
  const root = join(dirname(here), '../../..');
  return here.endsWith('.ts') ? join(root, 'dist/web/sandbox') : join(root, 'web/sandbox');
}

/** Serves the phone page, people's pictures and the files that were sent. */
export function pages(world: World, webRoot: string): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    ctx.set('X-Content-Type-Options', 'nosniff');
    const file = /^\/files\/([\w-]+)\/[^/]+$/.exec(ctx.path);
    const avatar = /^\/avatars\/(\d+)\.png$/.exec(ctx.path);
    if (file !== null) return sendFile(world, ctx, file[1] ?? '', next);
    if (avatar !== null) {
      ctx.type = 'image/png';
      ctx.set('Cache-Control', 'max-age=3600');
      const [, id = ''] = avatar;
      ctx.body = world.ledger.pages.has(id) ? shopPng(id) : avatarPng(id);
      return;
    }
    if (ctx.path !== '/' && !/^\/assets\/[\w.-]+$/.test(ctx.path)) return next();
    if (!existsSync(join(webRoot, 'index.html'))) {
      ctx.status = 503;
      ctx.body = 'The phone page is not built yet: run "npm run build" and reload.\n';
      return;
    }
    ctx.set('Content-Security-Policy', CSP);
    ctx.vary('Accept-Encoding');
    if (ctx.path === '/') {
      ctx.set('Cache-Control', 'no-cache');
      await send(ctx, 'index.html', { root: webRoot });
    } else {
      await send(ctx, ctx.path, { root: webRoot, maxAge: ASSET_AGE_MS, immutable: true });
    }
    if (ctx.type === 'application/javascript' || ctx.type === 'text/javascript') {
      ctx.type = 'text/javascript; charset=utf-8';
    }
  };
}

async function sendFile(
  { ledger, files }: World,
  ctx: Parameters<Middleware>[0],
  id: string,
  next: () => Promise<unknown>,
): Promise<void> {
  const file = ledger.files.get(id);
  if (file === undefined) {
    await next();
    return;
  }
  ctx.type = file.mimeType;
  ctx.length = file.size;
  ctx.set('Content-Security-Policy', "default-src 'none'; sandbox");
  if (!isInline(file)) ctx.attachment(file.name);
  ctx.body = createReadStream(files.pathOf(file));
}
