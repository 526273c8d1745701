import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from 'koa';
import { newId } from '../ids.js';
import { modeOf, takeRules } from '../rules.js';
import type { CallKind, GraphCall, Rule, RuleMode } from '../types.js';
import type { World } from '../world.js';
import { GraphError, graphError } from './errors.js';
import { fileOf, paramsOf, redacted, tokenOf, type GraphAnswer, type GraphRequest } from './request.js';

export type GraphHandler = (request: GraphRequest) => Promise<GraphAnswer> | GraphAnswer;

/** Where a call goes. */
export interface Endpoint {
  kind: CallKind;
  handler: GraphHandler;
}

/** Modes that keep a call from its ordinary answer. */
type Fault = Extract<RuleMode, { type: 'http_error' | 'hang' | 'close' | 'error' | 'rate_limit' }>;

type Outcome = Pick<GraphCall, 'outcome' | 'status'> & { response: unknown };

const FAULTS: ReadonlySet<RuleMode['type']> = new Set<Fault['type']>([
  'http_error',
  'hang',
  'close',
  'error',
  'rate_limit',
]);

const HTML_ERROR = `<!DOCTYPE html>
<html lang="en"><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1>
<p>Please try again in a moment.</p></body></html>
`;

/** Runs one Graph call under the rules that apply, and keeps it in the ledger before anything is answered. */
export async function runCall(world: World, ctx: Context, node: string, endpoint: Endpoint): Promise<void> {
  const at = world.now();
  const file = await fileOf(ctx);
  const params = paramsOf(ctx);
  const token = tokenOf(ctx, params);
  const kind = endpoint.kind === 'send' && 'sender_action' in params ? 'sender_action' : endpoint.kind;
  const pageId = token === null ? null : (world.ledger.pageOfToken(token)?.id ?? null);
  const personId = personOf(kind, node, params);
  const rules = takeRules(world.ledger, { kind, pageId, personId, text: textOf(params) });
  const { answered, never } = answerOf(ctx);
  let mid: string | null = null;
  const accepted = (id: string): void => {
    mid = id;
  };
  const request = { world, method: ctx.method, node, params, file, token, rules, answered, accepted };

  const outcome = await outcomeOf(request, endpoint.handler);
  await pause(modeOf(rules, 'delay')?.ms ?? 0, undefined, { ref: false });
  const call: GraphCall = {
    id: newId('call'),
    at,
    kind,
    method: ctx.method,
    path: ctx.path,
    pageId,
    personId,
    request: redacted(params, file),
    ...outcome,
    mid,
    rules: rules.map(({ id }) => id),
  };
  world.ledger.write({ type: 'call', call });
  setUsage(world, ctx, call, rules);
  deliverOutcome(ctx, outcome, never);
}

async function outcomeOf(request: GraphRequest, handler: GraphHandler): Promise<Outcome> {
  const fault = request.rules.map(({ mode }) => mode).find((mode): mode is Fault => FAULTS.has(mode.type));
  if (fault !== undefined && !('accepted' in fault && fault.accepted)) return faulty(fault);
  try {
    const { status = 200, body } = await handler(request);
    return fault === undefined ? { outcome: 'answered', status, response: body } : faulty(fault);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { outcome: 'answered', status: error.status, response: error.payload() };
  }
}

function faulty(fault: Fault): Outcome {
  switch (fault.type) {
    case 'hang':
      return { outcome: 'hung', status: null, response: null };
    case 'close':
      return { outcome: 'closed', status: null, response: null };
    case 'http_error':
      return { outcome: 'answered', status: fault.status, response: fault.html ? HTML_ERROR : '' };
    case 'rate_limit':
    case 'error': {
      const subcode = fault.type === 'error' ? fault.subcode : null;
      const error = graphError(fault.code, subcode, { status: fault.type === 'error' ? fault.status : null });
      return { outcome: 'answered', status: error.status, response: error.payload() };
    }
  }
}

function deliverOutcome(ctx: Context, { outcome, status, response }: Outcome, never: () => void): void {
  if (outcome === 'answered') {
    ctx.status = status ?? 200;
    if (typeof response === 'string') ctx.type = 'text/html; charset=utf-8';
    ctx.body = response;
    return;
  }
  ctx.respond = false;
  if (outcome === 'closed') ctx.req.socket.destroy();
  never();
}

/** `answered` settles when the answer has left or the caller is gone; `never` says that none will be given. */
function answerOf(ctx: Context): { answered: Promise<void>; never: () => void } {
  let never = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    ctx.res.once('finish', resolve);
    ctx.res.once('close', resolve);
    never = resolve;
  });
  return { answered, never };
}

/** Usage headers in the platform's form (MESSENGER 5): JSON text, percent of the limit, minutes until it is over. */
function setUsage(world: World, ctx: Context, call: GraphCall, rules: readonly Rule[]): void {
  const limit = modeOf(rules, 'rate_limit');
  const percent = limit === undefined ? (modeOf(rules, 'usage')?.percent ?? world.ledger.settings.usagePercent) : 100;
  if (percent === null) return;
  const load = { call_count: percent, total_cputime: Math.round(percent / 4), total_time: Math.round(percent / 3) };
  ctx.set('X-App-Usage', JSON.stringify(load));
  if (call.pageId === null) return;
  const regain = { type: 'messenger', ...load, estimated_time_to_regain_access: limit?.minutes ?? 0 };
  ctx.set('X-Business-Use-Case-Usage', JSON.stringify({ [call.pageId]: [regain] }));
}

/** The person a call is about, as far as its address and parameters tell. */
function personOf(kind: CallKind, node: string, params: Record<string, unknown>): string | null {
  if (kind === 'profile') return node;
  const { recipient } = params;
  if (typeof recipient === 'object' && recipient !== null && 'id' in recipient) return String(recipient.id);
  const id = params.user_id ?? recipient;
  return typeof id === 'string' ? id : null;
}

function textOf({ message }: Record<string, unknown>): string | null {
  if (typeof message !== 'object' || message === null || !('text' in message)) return null;
  return typeof message.text === 'string' ? message.text : null;
}
