import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { assertRoutes, LooseSchemaError } from '../../../src/api/mount-routes.js';
import { defineRoute, type Route } from '../../../src/api/route.js';
import { apiRoutes } from '../../../src/api/router.js';
import { PolicyMissingError } from '../../../src/policies/index.js';

const handle = () => Promise.resolve(null);
const route = (more: Partial<Parameters<typeof defineRoute>[0]>): Route =>
  defineRoute({ method: 'get', path: '/x', access: 'staff', summary: '', input: {}, handle, ...more });

test('every route of the product has a rule and strict schemas', () => {
  expect(() => assertRoutes(apiRoutes([]))).not.toThrow();
  expect(
    apiRoutes([])
      .filter(({ access }) => access === 'public')
      .map(({ path }) => path),
  ).toEqual(expect.arrayContaining(['/setup', '/auth/login', '/widget/session']));
});

test('no two routes of the product are the same', () => {
  const names = apiRoutes([]).map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
  expect(new Set(names).size).toBe(names.length);
});

test('a protected route without a rule stops the boot by name', () => {
  expect(() => assertRoutes([route({ path: '/secret' })])).toThrow(PolicyMissingError);
  expect(() => assertRoutes([route({ path: '/secret' })])).toThrow('GET /api/secret: no ability named');
  expect(() => assertRoutes([route({ access: 'visitor' })])).toThrow(PolicyMissingError);
  expect(() => assertRoutes([route({ access: 'public' })])).not.toThrow();
});

test('a route that lets unknown keys in stops the boot', () => {
  const body = z.object({ a: z.string() });
  expect(() => assertRoutes([route({ access: 'public', input: { body } })])).toThrow(LooseSchemaError);
  expect(() => assertRoutes([route({ access: 'public', input: { body: body.strict() } })])).not.toThrow();
  const refined = z.strictObject({ a: z.string() }).refine(() => true);
  expect(() => assertRoutes([route({ access: 'public', input: { query: refined } })])).not.toThrow();
});
