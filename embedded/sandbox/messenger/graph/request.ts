import type { Context } from 'koa';
import { readFile, rm } from 'node:fs/promises';
import type { Page, Rule } from '../types.js';
import type { World } from '../world.js';
import { proofOf } from '../wire.js';
import { graphError, invalid } from './errors.js';

/** A Graph call as the handlers see it: query and body in one bag, files apart. */
export interface GraphRequest {
  world: World;
  method: string;
  /** First path segment after the version: a Page id, `me`, a PSID. */
  node: string;
  params: Record<string, unknown>;
  /** Multipart part `filedata`. */
  file: { name: string; bytes: Buffer } | null;
  token: string | null;
  /** Rules taken for this call. */
  rules: readonly Rule[];
  /** Settles when the answer has left, or is known never to. */
  answered: Promise<void>;
  /** Tells the call list which message was accepted. */
  accepted: (mid: string) => void;
}

export interface GraphAnswer {
  status?: number;
  body: unknown;
}

const SECRETS = new Set(['access_token', 'appsecret_proof', 'input_token', 'client_secret']);

interface UploadedFile {
  filepath: string;
  originalFilename: string | null;
}

/** Query and body of a call. Form fields that hold JSON become what they say. Throws GraphError for a body that is no map. */
export function paramsOf(ctx: Context): Record<string, unknown> {
  const body: unknown = ctx.request.body ?? {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('The body must be an object.');
  const query = Object.fromEntries(new URLSearchParams(ctx.querystring));
  const params: Record<string, unknown> = { ...query, ...body };
  for (const [key, value] of Object.entries(params)) params[key] = parsedField(value);
  return params;
}

function parsedField(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The part `filedata`, read into memory; every temporary file is removed. */
export async function fileOf(ctx: Context): Promise<GraphRequest['file']> {
  const uploads = Object.entries(ctx.request.files ?? {}).flatMap(([field, value]) =>
    [value].flat().map((file) => ({ field, file: file as unknown as UploadedFile })),
  );
  try {
    const part = uploads.find(({ field }) => field === 'filedata');
    if (part === undefined) return null;
    return { name: part.file.originalFilename ?? 'file', bytes: await readFile(part.file.filepath) };
  } finally {
    await Promise.all(uploads.map(({ file }) => rm(file.filepath, { force: true })));
  }
}

/** What the call list keeps of a request: everything but secrets and bytes. */
export function redacted(params: Record<string, unknown>, file: GraphRequest['file']): Record<string, unknown> {
  const kept = Object.entries(params).filter(([key]) => !SECRETS.has(key));
  return {
    ...Object.fromEntries(kept),
    ...(file === null ? {} : { filedata: { name: file.name, size: file.bytes.length } }),
  };
}

/** The token of a call: bearer header, body or query. */
export function tokenOf(ctx: Context, params: Record<string, unknown>): string | null {
  const bearer = /^Bearer (.+)$/i.exec(ctx.get('Authorization'))?.[1];
  return bearer ?? (typeof params.access_token === 'string' ? params.access_token : null);
}

/** The Page a working token belongs to. Throws GraphError 190 or 100 as the platform would. */
export function authorise({ world, token, params }: GraphRequest): Page {
  if (token === null) {
    throw graphError(190, null, { message: 'An access token is required to request this resource.' });
  }
  const page = world.ledger.pageOfToken(token);
  if (page === null) throw graphError(190);
  if (page.tokenFault !== null) throw graphError(190, page.tokenFault === 0 ? null : page.tokenFault);
  checkProof(params.appsecret_proof, token, world);
  return page;
}

/** The Page named by the path, which must be the token's own. Throws GraphError. */
export function pageOf(request: GraphRequest): Page {
  const page = authorise(request);
  if (request.node !== 'me' && request.node !== page.id) {
    throw graphError(100, 33, { message: `Object with id "${request.node}" is not visible to this token.` });
  }
  return page;
}

function checkProof(proof: unknown, token: string, { app, ledger }: World): void {
  if (proof === undefined) {
    if (!ledger.settings.requireProof) return;
    throw invalid('API calls from the server require an appsecret_proof argument.');
  }
  if (proof !== proofOf(token, app.secret)) throw invalid('Invalid appsecret_proof provided in the API argument.');
}
