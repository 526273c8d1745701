import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failure, success as successOf } from '../shared/schemas/error.js';
import { takesRepeats } from './middleware/repeatable.js';
import type { Route } from './route.js';

const SCHEMES = { public: [], staff: [{ accessToken: [] }], visitor: [{ visitorToken: [] }] };

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const repeats = z.object({
  'Idempotency-Key': z.string().min(1).max(100).optional().meta({
    description: 'A repeat with the same key within 24 hours gets the first answer; another request with it, 422.',
  }),
});

const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });

function describe(route: Route): RouteConfig {
  const { params, query, body } = route.input;
  const success = successOf(route.output ?? z.null());
  const request = {
    ...(params === undefined ? {} : { params: params as z.ZodObject }),
    ...(query === undefined ? {} : { query: query as z.ZodObject }),
    ...(takesRepeats(route) ? { headers: repeats } : {}),
    ...(body === undefined ? {} : { body: { required: true, ...bodyContent(route, body) } }),
  };
  return {
    method: route.method,
    path: `/api${route.path.replace(/:(\w+)/g, '{$1}')}`,
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? ''],
    security: SCHEMES[route.access],
    request,
    responses: {
      [route.status ?? 200]: { description: 'Done.', ...json(success) },
      default: { description: 'Refused; `error.code` says why.', ...json(failure) },
    },
  };
}

const bodyContent = (route: Route, schema: z.ZodType) =>
  route.readBody === undefined ? json(schema) : { content: { 'multipart/form-data': { schema } } };

/** The OpenAPI 3.1 document of these routes, from the schemas that validate their requests (SPEC 12). */
export function describeApi(routes: readonly Route[], publicUrl: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const scheme = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } as const;
  registry.registerComponent('securitySchemes', 'accessToken', scheme);
  registry.registerComponent('securitySchemes', 'visitorToken', scheme);
  for (const route of routes) registry.registerPath(describe(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Switchboard',
      version: '1',
      description: 'One inbox for the website’s chat and the messaging platforms customers already use.',
    },
    servers: [{ url: publicUrl }],
  });
}
