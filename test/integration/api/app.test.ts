import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { defineRoute, type Route } from '../../../src/api/route.js';
import { until } from '../../support/until.js';
import { TestApp } from './support.js';

const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/fails',
    access: 'public',
    summary: 'Fails',
    input: {},
    handle: () => Promise.reject(new Error('password=hunter2 in mongodb://u:p@host')),
  }),
  defineRoute({
    method: 'post',
    path: '/echo/:name',
    access: 'public',
    summary: 'Echoes',
    input: {
      params: z.strictObject({ name: z.string().min(2) }),
      query: z.strictObject({ n: z.coerce.number().optional() }),
      body: z.strictObject({ text: z.string().max(10), inner: z.strictObject({ a: z.number() }).optional() }),
    },
    output: z.unknown(),
    status: 201,
    handle: ({ input, request: { address } }) => Promise.resolve({ ...input, address }),
  }),
];

let finishSlow: () => void = () => undefined;
const slow: Route = defineRoute({
  method: 'get',
  path: '/slow',
  access: 'public',
  summary: 'Waits until the test lets it go',
  input: {},
  output: z.string(),
  handle: () => new Promise<string>((resolve) => (finishSlow = () => resolve('done'))),
});

let app: TestApp;
let webRoot: string;

const BIG = 'export const word = "größe";\n'.repeat(100);

async function writePages(root: string): Promise<void> {
  const files = {
    'inbox/index.html': '<script nonce="__CSP_NONCE__"></script><style nonce="__CSP_NONCE__"></style>',
    'inbox/assets/app-1a2b.js': 'export const word = "größe";',
    'inbox/assets/large-3c4d.css': '.a{}'.repeat(2_000_000),
    'inbox/favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'widget/widget.js': 'void 0;',
    'widget/chat.js': 'void 1;',
    'shop/index.html': '<script nonce="__CSP_NONCE__" data-inbox="{{inboxKey}}"></script>',
    'inbox/assets/big-3c4d.js': BIG,
    'inbox/assets/big-3c4d.js.br': brotliCompressSync(BIG),
    'inbox/assets/big-3c4d.js.gz': gzipSync(BIG),
    'secret.txt': 'not for the web',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'switchboard-web-'));
  await writePages(webRoot);
  const env = { CORS_ORIGINS: 'https://staff.example', RATE_LIMIT_ANONYMOUS: '500', DEMO: 'true' };
  app = await TestApp.start({ env, parts: { webRoot, routes: [...routes, slow] } });
});
afterAll(async () => {
  await app?.stop();
  await rm(webRoot, { recursive: true, force: true });
});

/** A path as it is written, which fetch would tidy up. */
const rawGet = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    request({ hostname, port, path }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });

describe('errors', () => {
  test('of ours tell the caller a number and the log everything else, once and redacted', async () => {
    app.logs.length = 0;
    const answer = await app.call('GET', '/api/fails', {
      headers: { 'X-Request-Id': 'number-0815' },
      faultExpected: true,
    });
    expect(answer.status).toBe(500);
    expect(answer.headers.get('x-request-id')).toBe('number-0815');
    expect(answer.body).toEqual({
      success: false,
      error: { code: 'INTERNAL', message: expect.stringContaining('number-0815') },
    });
    expect(answer.text).not.toMatch(/hunter2|mongodb|\.ts/);
    expect(app.logs.map((line) => [line.level, line.message])).toEqual([['error', 'request failed']]);
  });

  test('name every wrong field', async () => {
    const body = { text: 'far too long a text', more: 1, inner: { a: 1, b: 2 } };
    const answer = await app.call('POST', '/api/echo/bob', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.error?.details?.map((detail) => detail.field).sort()).toEqual(['inner.b', 'more', 'text']);
    expect((await app.call('POST', '/api/echo/b?n=1&n=2', { body: { text: 'a' } })).status).toBe(400);
    expect((await app.call('POST', '/api/echo/bob?x=1', { body: { text: 'a' } })).body.error?.details).toEqual([
      { field: 'x', message: 'is not known here' },
    ]);
  });

  test('of bodies: malformed, too large, another type, none', async () => {
    const post = (body: string, headers: Record<string, string> = {}) =>
      app.call('POST', '/api/echo/bob', { body, headers });
    const malformed = await post('{"text": "secret words"');
    expect(malformed.status).toBe(400);
    expect(malformed.text).not.toContain('secret words');
    expect((await post(JSON.stringify({ text: 'x'.repeat(300_000) }))).status).toBe(413);
    expect((await post('text=a', { 'Content-Type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post('<a/>', { 'Content-Type': 'text/xml' })).body.error?.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect((await app.call('POST', '/api/echo/bob')).body.error?.details?.[0]?.field).toBe('text');
    expect((await post('{"text":"a"}')).status).toBe(201);
  });

  test('at addresses that do not exist are JSON for calls', async () => {
    for (const [method, path] of [
      ['GET', '/api/nothing'],
      ['DELETE', '/api/fails'],
      ['POST', '/anything'],
      ['GET', '/missing.png'],
    ] as const) {
      const answer = await app.call(method, path);
      expect([path, answer.status, answer.body.error?.code]).toEqual([path, 404, 'NOT_FOUND']);
    }
    expect(await rawGet('/%E0%A4%A')).toBeLessThan(500);
  });
});

describe('answers', () => {
  test('come in the envelope with a request number of their own', async () => {
    const answer = await app.call('POST', '/api/echo/bob?n=3', {
      body: { text: 'hi' },
      headers: { 'X-Request-Id': 'bad id\t' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body).toEqual({
      success: true,
      data: { params: { name: 'bob' }, query: { n: 3 }, body: { text: 'hi' }, address: '127.0.0.1' },
    });
  });

  test('believe no forwarded address unless a proxy is trusted', async () => {
    const answer = await app.call('POST', '/api/echo/bob', {
      body: { text: 'hi' },
      headers: { 'X-Forwarded-For': '203.0.113.9' },
    });
    expect(answer.body.data).toMatchObject({ address: '127.0.0.1' });
  });

  test('carry security headers, and CORS for listed origins only', async () => {
    const from = (origin: string) => app.call('GET', '/api/nothing', { headers: { Origin: origin } });
    const listed = await from('https://staff.example');
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://staff.example');
    expect((await from(app.url)).headers.get('access-control-allow-origin')).toBe(app.url);
    const stranger = await from('https://evil.example');
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
    expect(stranger.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(stranger.headers.get('x-content-type-options')).toBe('nosniff');
    expect(stranger.headers.get('x-frame-options')).toBe('DENY');
    expect(stranger.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
});

/** The status of an answer to a page whose name was made to lead here. */
const asStranger = (path: string, host: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    request(`${app.url}${path}`, { headers: { host } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });

test.each(['/api/setup', '/shop', '/', '/api/docs'])('%s is not shown under a stranger’s name', async (path) => {
  const { port } = new URL(app.url);
  const refused = await asStranger(path, `evil.example:${port}`);
  expect(refused.status).toBe(421);
  expect(refused.text).toContain(`This answers at ${app.url} and on this machine only.`);
  expect((await asStranger(path, `localhost:${port}`)).status).not.toBe(421);
});

describe('pages', () => {
  test('get a new nonce each time, in the policy and in the tags', async () => {
    const nonces = new Set<string>();
    for (const path of ['/', '/inbox/64ab', '/login']) {
      const page = await app.call('GET', path, { headers: { Accept: 'text/html' } });
      const nonce = /'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1] ?? '';
      expect(page.text).toBe(`<script nonce="${nonce}"></script><style nonce="${nonce}"></style>`);
      expect(page.headers.get('cache-control')).toBe('no-store');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  test('keep hashed files for a year, in UTF-8, and ask for the others', async () => {
    const script = await app.call('GET', '/assets/app-1a2b.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toBe('max-age=31536000,immutable');
    expect(script.text).toContain('größe');
    const modified = script.headers.get('last-modified') ?? '';
    const again = await app.call('GET', '/assets/app-1a2b.js', {
      headers: { 'If-Modified-Since': modified, 'Cache-Control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
    expect((await app.call('GET', '/favicon.svg')).headers.get('cache-control')).toBe('max-age=300');
    expect((await app.call('GET', '/assets/gone.js')).status).toBe(404);
  });

  test('are sent as the build compressed them, and not compressed again', async () => {
    const sent = (encoding: string): Promise<{ headers: IncomingHttpHeaders; bytes: Buffer }> =>
      new Promise((resolve, reject) => {
        request(`${app.url}/assets/big-3c4d.js`, { headers: { 'accept-encoding': encoding } }, (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => resolve({ headers: answer.headers, bytes: Buffer.concat(parts) }));
        })
          .on('error', reject)
          .end();
      });
    const common = {
      'content-type': 'text/javascript; charset=utf-8',
      vary: expect.stringContaining('Accept-Encoding'),
    };
    for (const [accepted, encoding, bytes] of [
      ['gzip, deflate, br, zstd', 'br', brotliCompressSync(BIG)],
      ['gzip', 'gzip', gzipSync(BIG)],
      ['identity', undefined, Buffer.from(BIG)],
    ] as const) {
      const answer = await sent(accepted);
      expect(answer.headers).toMatchObject({ ...common, 'cache-control': 'max-age=31536000,immutable' });
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(answer.bytes.equals(bytes)).toBe(true);
    }
  });

  test('let every site load the widget', async () => {
    const loader = await app.call('GET', '/widget.js');
    expect(loader.text).toBe('void 0;');
    expect(loader.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(loader.headers.get('cache-control')).toBe('max-age=300');
    const chat = await app.call('GET', '/widget/chat.js?v=abc');
    expect(chat.headers.get('cache-control')).toBe('max-age=31536000,immutable');
  });

  test('never leave their folder', async () => {
    for (const path of ['/widget/../secret.txt', '/widget/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt'])
      expect([path, await rawGet(path)]).not.toEqual([path, 200]);
  });

  test('show the demo shop with the key of the web inbox', async () => {
    expect((await app.call('GET', '/shop')).text).toMatch(/<script nonce="[^"]+" data-inbox=""><\/script>/);
  });
});

describe('a client that cuts its request off', () => {
  /** Sends this much, waits for as much of an answer as it wants, and is gone. */
  const cutOff = async (request: string, waitForAnswer: boolean): Promise<void> => {
    const { hostname, port } = new URL(app.url);
    const line = connect(Number(port), hostname);
    await once(line, 'connect');
    line.write(request);
    if (waitForAnswer) await once(line, 'data');
    else await until('it has begun', () => app.running > 0);
    line.resetAndDestroy();
    await until('it is over', () => app.running === 0);
  };
  const body =
    'POST /api/echo/bob HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{';

  test.each([
    ['in its body', body, false],
    ['while it is worked on', 'GET /api/slow HTTP/1.1\r\nHost: localhost\r\n\r\n', false],
    ['in the middle of the answer', 'GET /assets/large-3c4d.css HTTP/1.1\r\nHost: localhost\r\n\r\n', true],
  ])('%s, is no fault of ours', async (_when, request, waitForAnswer) => {
    app.logs.length = 0;
    await cutOff(request, waitForAnswer);
    finishSlow();
    await until('it is counted', () => app.logs.some(({ fields }) => fields['code'] === 'CUT_OFF'), 5_000);
    expect(new Set(app.logs.map(({ level, message }) => `${level}: ${message}`))).toEqual(new Set(['debug: refused']));
    expect(app.logs.flatMap(({ fields }) => fields['error'] ?? [])).toEqual([]);
  });
});

test('general limits answer 429 with the seconds to wait, also while Redis is away', async () => {
  await app.redis.flushall();
  const statuses: number[] = [];
  for (let n = 0; n < 500; n += 1) statuses.push((await app.call('POST', '/api/echo/bob', { body: {} })).status);
  expect(new Set(statuses)).toEqual(new Set([400]));
  const over = await app.call('POST', '/api/echo/bob', { body: {} });
  expect(over.status).toBe(429);
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(800);
  app.redis.disconnect();
  expect((await app.call('POST', '/api/echo/bob', { body: { text: 'a' } })).status).toBe(201);
});

test('a stop finishes what runs and closes connections', async () => {
  const running = app.call('GET', '/api/slow');
  while ((await app.call('GET', '/livez')).status !== 200);
  const stopped = app.app.stop();
  const during = await app.call('GET', '/readyz');
  expect(during.status).toBe(503);
  expect(during.headers.get('connection')).toBe('close');
  finishSlow();
  expect((await running).body.data).toBe('done');
  await stopped;
});
