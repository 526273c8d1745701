import { createHmac } from 'node:crypto';
import type { AxiosResponse } from 'axios';
import { ChannelError } from '../errors.js';
import { answerFault, transportFault, type CallEffect } from './errors.js';
import { parseLossless, record, type Json } from './fields.js';
import type { MessengerContext } from './types.js';
import { readUsage, type Usage } from './usage.js';

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 2_000_000;

/** A call of the Graph API; `path` begins behind the version. */
export interface GraphCall {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  body?: { type: string; content: string | NodeJS.ReadableStream; length?: number };
  effect: CallEffect;
  /** It names an earlier upload. */
  usesUpload?: boolean;
  timeoutMs?: number;
}

/**
 * Makes one call with the Page's token in the header (never in an address that may be logged) and `appsecret_proof`. Throws
 * ChannelError.
 */
export async function callGraph(call: GraphCall, context: MessengerContext): Promise<{ body: Json; usage: Usage }> {
  const url = addressOf(call, context);
  if (context.signal?.aborted === true) {
    throw new ChannelError('retry', 'There was no time left to send it.', { detail: { transport: 'not started' } });
  }
  const response = await request(url, call, context);
  const body = parseBody(response.data);
  const usage = readUsage(response.headers);
  const succeeded = response.status >= 200 && response.status < 300 && body !== null && record(body.error) === null;
  if (succeeded) return { body, usage };
  throw answerFault({
    status: response.status,
    body,
    regainMs: usage.regainMs,
    effect: call.effect,
    usesUpload: call.usesUpload ?? false,
  });
}

function addressOf(call: GraphCall, { config, env }: MessengerContext): string {
  if (env.META_APP_SECRET === undefined) {
    throw new ChannelError('misconfigured', 'Messenger is not set up on this server: META_APP_SECRET is missing.', {
      code: 'messenger_notSetUp',
    });
  }
  const proof = createHmac('sha256', env.META_APP_SECRET).update(config.accessToken).digest('hex');
  const query = new URLSearchParams({ ...call.query, appsecret_proof: proof });
  return `${env.GRAPH_BASE_URL}/${env.GRAPH_VERSION}/${call.path}?${query.toString()}`;
}

async function request(url: string, call: GraphCall, context: MessengerContext): Promise<AxiosResponse<unknown>> {
  try {
    return await context.http.request<unknown>({
      method: call.method,
      url,
      headers: {
        Authorization: `Bearer ${context.config.accessToken}`,
        ...(call.body === undefined ? {} : { 'Content-Type': call.body.type }),
        ...(call.body?.length === undefined ? {} : { 'Content-Length': String(call.body.length) }),
      },
      ...(call.body === undefined ? {} : { data: call.body.content }),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      timeout: call.timeoutMs ?? TIMEOUT_MS,
      // A redirect would carry the token elsewhere.
      maxRedirects: 0,
      maxContentLength: LONGEST_ANSWER,
      maxBodyLength: Infinity,
      responseType: 'text',
      transformResponse: (data: unknown) => data,
      validateStatus: () => true,
    });
  } catch (error) {
    throw transportFault(error, call.effect);
  }
}

/** Null: not a JSON object. */
function parseBody(data: unknown): Json | null {
  try {
    return typeof data === 'string' ? record(parseLossless(data)) : null;
  } catch {
    return null;
  }
}

/** A JSON body. */
export function json(content: Json): NonNullable<GraphCall['body']> {
  return { type: 'application/json', content: JSON.stringify(content) };
}
