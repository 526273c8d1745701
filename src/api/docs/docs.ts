import type { Context, Middleware, Next } from 'koa';
import type { Env } from '../../env.js';
import { allowPage } from '../middleware/security-headers.js';
import { describeApi } from '../openapi.js';
import type { Route } from '../route.js';
import { describeSockets, type DescribedCall, type DescribedEvent } from './describe-sockets.js';

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

const ACCESS_WORDS = { public: 'everybody', staff: 'staff', visitor: 'visitors' };

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; }
code { font-family: ui-monospace, monospace; }
pre { margin: 0; overflow-x: auto; }`;

const row = (route: Route): string =>
  `<tr><td><code>${route.method.toUpperCase()}</code></td><td><code>/api${escape(route.path)}</code></td>` +
  `<td>${escape(route.summary)}</td><td>${ACCESS_WORDS[route.access]}</td></tr>`;

const pre = (text: string): string => `<pre><code>${escape(text)}</code></pre>`;

const table = (heads: string[], rows: string[]): string =>
  `<table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;

const callRow = ({ event, says, ability, input, answer }: DescribedCall): string =>
  `<tr><td><code>${event}</code></td><td>${escape(says)}</td><td>${ability === null ? '' : `<code>${ability}</code>`}</td>` +
  `<td>${pre(input)}</td><td>${pre(answer)}</td></tr>`;

const eventRow = ({ event, says, audience, payload }: DescribedEvent): string =>
  `<tr><td><code>${event}</code></td><td>${escape(says)}</td><td>${escape(audience)}</td><td>${pre(payload)}</td></tr>`;

/** The socket catalogue as HTML; it says the same as `docs/sockets.md`. */
function sockets(): string {
  const { namespaces, shapes } = describeSockets();
  const parts = namespaces.map(
    ({ path, says, calls, events }) => `<h2>Sockets: <code>${path}</code></h2><p>${escape(says)}</p>
<h3>What clients send</h3>${table(['Event', 'What it does', 'Asks', 'Input', 'Answer'], calls.map(callRow))}
<h3>What the server sends</h3>${table(['Event', 'What it says', 'To', 'Data'], events.map(eventRow))}`,
  );
  const named = shapes.map(({ name, text }) => `<h3>${name}</h3>${pre(text)}`);
  return `${parts.join('\n')}<h2>Shapes that sockets name</h2>${named.join('\n')}`;
}

const page = (routes: readonly Route[], aboutSockets: string, nonce: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Switchboard API</title>
<style nonce="${nonce}">${STYLE}</style></head>
<body><h1>Switchboard API</h1>
<p>Every answer is <code>{"success":true,"data":…}</code> or
<code>{"success":false,"error":{"code":…,"message":…}}</code>. Tokens travel in <code>Authorization: Bearer …</code>.
All shapes are in <a href="/api/openapi.json">the OpenAPI document</a>.</p>
${table(['Method', 'Address', 'What it does', 'For'], routes.map(row))}
${aboutSockets}</body></html>`;

/** `/api/openapi.json` and a page to read at `/api/docs`, about routes and sockets (SPEC 12, 13). */
export function apiDocs(env: Env, routes: readonly Route[]): Middleware {
  const aboutSockets = sockets();
  const document = JSON.stringify(describeApi(routes, env.PUBLIC_URL));
  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.method !== 'GET') return next();
    if (ctx.path === '/api/openapi.json') {
      ctx.type = 'json';
      ctx.body = document;
    } else if (ctx.path === '/api/docs') {
      const nonce = allowPage(env, ctx);
      ctx.type = 'html';
      ctx.body = page(routes, aboutSockets, nonce);
    } else return next();
  };
}
