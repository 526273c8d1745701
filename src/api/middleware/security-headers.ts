import { randomBytes } from 'node:crypto';
import type { Context, Middleware, Next } from 'koa';
import helmet from 'koa-helmet';
import type { Env } from '../../env.js';

/** For answers that are data: nothing in them may run or be framed. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** The policy of our pages: scripts and styles only of ours or with this request's nonce (SPEC 16). */
function pagePolicy(env: Env, nonce: string): string {
  const files = env.S3_ENDPOINT === undefined ? '' : ` ${new URL(env.S3_ENDPOINT).origin}`;
  const socket = new URL(env.PUBLIC_URL).origin.replace(/^http/, 'ws');
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:" + files,
    "media-src 'self' blob:" + files,
    `connect-src 'self' ${socket}` + files,
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Turns an answer into one of our pages: sets its content policy and returns the nonce for its script and style tags. */
export function allowPage(env: Env, ctx: Context): string {
  const nonce = randomBytes(16).toString('base64');
  ctx.set('Content-Security-Policy', pagePolicy(env, nonce));
  return nonce;
}

/** Lets other sites load this answer, such as the widget's script. */
export function allowOtherSites(ctx: Context): void {
  ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
  ctx.set('Access-Control-Allow-Origin', '*');
}

/** Security headers for every answer but the webhook ingress's. */
export function securityHeaders(env: Env): Middleware {
  const headers = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: env.PUBLIC_URL.startsWith('https://'),
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  return (ctx: Context, next: Next) => {
    ctx.set('Content-Security-Policy', DATA_POLICY);
    return headers(ctx, next);
  };
}
