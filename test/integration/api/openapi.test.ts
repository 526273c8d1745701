import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiRoutes } from '../../../src/api/router.js';
import { socketCatalogue } from '../../../src/shared/socket-catalogue/index.js';
import { TestApp } from './support.js';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start({
    env: { DEMO: 'true' },
    parts: { demoLogins: [{ role: 'admin', email: 'demo@example.com', password: 'shown to everybody' }] },
  });
});
afterAll(() => app?.stop());

interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, { security: unknown[]; requestBody?: unknown; responses: object }>>;
}

test('the document names every route with its schemas and who may call it', async () => {
  const document = JSON.parse((await app.call('GET', '/api/openapi.json')).text) as Document;
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers).toEqual([{ url: app.url }]);
  const named = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const known = apiRoutes([]).map((route) => `${route.method} /api${route.path.replace(/:(\w+)/g, '{$1}')}`);
  expect(named.sort()).toEqual(known.sort());

  const { post: login } = document.paths['/api/auth/login'] ?? {};
  expect(login?.security).toEqual([]);
  expect(login?.requestBody).toMatchObject({
    content: {
      'application/json': {
        schema: {
          required: ['email', 'password'],
          additionalProperties: false,
          properties: { password: { type: 'string', maxLength: 200 } },
        },
      },
    },
  });
  expect(document.paths['/api/users/{id}']?.['patch']?.security).toEqual([{ accessToken: [] }]);
});

test('the readable page lists every route', async () => {
  const page = await app.call('GET', '/api/docs');
  expect(page.headers.get('content-type')).toContain('text/html');
  for (const route of apiRoutes([])) expect(page.text).toContain(`<code>/api${route.path}</code>`);
});

test('the readable page lists every socket event of both directions', async () => {
  const { text } = await app.call('GET', '/api/docs');
  for (const { path, calls, events } of socketCatalogue) {
    expect(text).toContain(`<code>${path}</code>`);
    for (const event of [...Object.keys(calls), ...Object.keys(events)])
      expect(text).toContain(`<code>${event}</code>`);
  }
});

test('a demo shows its log-ins before anybody has logged in', async () => {
  expect((await app.call('GET', '/api/setup')).body.data).toEqual({
    needed: true,
    demoLogins: [{ role: 'admin', email: 'demo@example.com', password: 'shown to everybody' }],
  });
});

test('the document says which routes may be repeated with a key', async () => {
  interface Parameters {
    paths: Record<string, Record<string, { parameters?: { in: string; name: string; required?: boolean }[] }>>;
  }
  const { paths } = JSON.parse((await app.call('GET', '/api/openapi.json')).text) as Parameters;
  const takesKey = (path: string, method: string) =>
    paths[path]?.[method]?.parameters?.find(({ name }) => name === 'Idempotency-Key');
  expect(takesKey('/api/conversations/{id}/messages', 'post')).toMatchObject({ in: 'header', required: false });
  expect(takesKey('/api/conversations/{id}/messages', 'get')).toBeUndefined();
  expect(takesKey('/api/auth/login', 'post')).toBeUndefined();
  expect(takesKey('/api/uploads', 'post')).toBeUndefined();
});
