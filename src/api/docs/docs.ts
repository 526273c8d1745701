import type { Context, Middleware, Next } from 'koa';
import type { Env } from '../../env.js';
import { allowPage } from '../middleware/security-headers.js';
import { describeApi } from '../openapi.js';
import type { Route } from '../route.js';

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

const ACCESS_WORDS = { public: 'everybody', staff: 'staff', visitor: 'visitors' };

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; }
code { font-family: ui-monospace, monospace; }`;

const row = (route: Route): string =>
  `<tr><td><code>${route.method.toUpperCase()}</code></td><td><code>/api${escape(route.path)}</code></td>` +
  `<td>${escape(route.summary)}</td><td>${ACCESS_WORDS[route.access]}</td></tr>`;

const page = (routes: readonly Route[], nonce: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Switchboard API</title>
<style nonce="${nonce}">${STYLE}</style></head>
<body><h1>Switchboard API</h1>
<p>Every answer is <code>{"success":true,"data":…}</code> or
<code>{"success":false,"error":{"code":…,"message":…}}</code>. Tokens travel in <code>Authorization: Bearer …</code>.
All shapes are in <a href="/api/openapi.json">the OpenAPI document</a>.</p>
<table><thead><tr><th>Method</th><th>Address</th><th>What it does</th><th>For</th></tr></thead>
<tbody>${routes.map(row).join('\n')}</tbody></table></body></html>`;

/** `/api/openapi.json` and a page to read at `/api/docs` (SPEC 12). */
export function apiDocs(env: Env, routes: readonly Route[]): Middleware {
  const document = JSON.stringify(describeApi(routes, env.PUBLIC_URL));
  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.method !== 'GET') return next();
    if (ctx.path === '/api/openapi.json') {
      ctx.type = 'json';
      ctx.body = document;
    } else if (ctx.path === '/api/docs') {
      const nonce = allowPage(env, ctx);
      ctx.type = 'html';
      ctx.body = page(routes, nonce);
    } else return next();
  };
}
