import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import rawBody from 'raw-body';

/** The least a webhook receiver can do: read the bytes, check the HMAC, answer 200. Prints its port. */
const secret = process.argv[2] ?? '';
const app = new Koa();
app.use(async (ctx) => {
  const body = await rawBody(ctx.req, { limit: 1024 * 1024 });
  const given = Buffer.from(ctx.get('X-Hub-Signature-256').slice('sha256='.length), 'hex');
  const expected = createHmac('sha256', secret).update(body).digest();
  ctx.status = given.length === expected.length && timingSafeEqual(given, expected) ? 200 : 401;
  ctx.body = 'EVENT_RECEIVED';
});
const answer = app.callback();
const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
