import { PassThrough } from 'node:stream';
import type Router from '@koa/router';
import { knownErrors } from '../graph/errors.js';
import type { Entry, Message, Page, Person } from '../types.js';
import type { World } from '../world.js';
import { personOf } from './endpoint.js';

const HEARTBEAT_MS = 20_000;

/** What a Page looks like from outside: without its token. */
function publicPage({ token: _token, ...page }: Page): Omit<Page, 'token'> {
  return page;
}

/** What can be looked up: for checks by scripts, and for the phone page. */
export function readRoutes(router: Router, world: World, webhookUrl: string): void {
  const { ledger } = world;

  router.get('/state', (ctx) => {
    ctx.body = {
      app: { id: world.app.id },
      webhook: {
        url: webhookUrl,
        verifiedAt: ledger.verifiedAt,
        lastVerification: world.sender.lastVerification,
        queued: [...ledger.webhooks.values()].filter(({ state }) => state === 'queued').length,
      },
      pages: [...ledger.pages.values()].map(publicPage),
      people: [...ledger.people.values()].map((person) => summary(world, person)),
      settings: ledger.settings,
      rules: ledger.rules,
    };
  });

  router.get('/pages', (ctx) => {
    ctx.body = [...ledger.pages.values()].map(publicPage);
  });
  router.get('/people', (ctx) => {
    ctx.body = [...ledger.people.values()].map((person) => summary(world, person));
  });
  router.get('/people/:id', (ctx) => {
    ctx.body = summary(world, personOf(world, ctx));
  });
  router.get('/errors', (ctx) => {
    ctx.body = knownErrors();
  });
  router.get('/settings', (ctx) => {
    ctx.body = ledger.settings;
  });
  router.get('/rules', (ctx) => {
    ctx.body = ledger.rules;
  });

  /**
   * `?person=`: one thread, how far the hub was told of each message, who is typing; without it every message of everybody.
   * `?limit=`: the newest so many.
   */
  router.get('/ledger', (ctx) => {
    const query = new URLSearchParams(ctx.querystring);
    const limit = Number(query.get('limit') ?? Infinity);
    const id = query.get('person');
    const messages = id === null ? allMessages(world) : ledger.thread(id);
    const newest = Number.isFinite(limit) ? messages.slice(-limit) : messages;
    if (id === null) {
      ctx.body = { messages: newest };
      return;
    }
    const person = world.people.require(id);
    const now = world.now();
    const typing = { page: world.page.typing.lapsesAt(id, now), person: world.people.typing.lapsesAt(id, now) };
    const told = newest.map((message) => ({ ...message, webhook: ledger.announcementOf(message.mid) }));
    ctx.body = { person, messages: told, total: messages.length, typing };
  });
}

/** Everything that was asked and told: Graph calls and webhooks, the newest `?limit=` (1000) of them. */
export function historyRoutes(router: Router, { ledger }: World): void {
  router.get('/calls', (ctx) => {
    const query = new URLSearchParams(ctx.querystring);
    const [kind, person] = [query.get('kind'), query.get('person')];
    const limit = Number(query.get('limit') ?? 1000);
    ctx.body = ledger.calls
      .filter((call) => (kind === null || call.kind === kind) && (person === null || call.personId === person))
      .slice(-limit);
  });

  router.get('/webhooks', (ctx) => {
    const query = new URLSearchParams(ctx.querystring);
    const [state, field, person] = [query.get('state'), query.get('field'), query.get('person')];
    const limit = Number(query.get('limit') ?? 1000);
    ctx.body = [...ledger.webhooks.values()]
      .filter((webhook) => state === null || webhook.state === state)
      .filter((webhook) => field === null || webhook.field === field)
      .filter((webhook) => person === null || webhook.personId === person)
      .slice(-limit);
  });
}

/** Changes as server-sent events, for as long as the caller listens. */
export function streamRoute(router: Router, { ledger }: World): void {
  router.get('/stream', (ctx) => {
    const stream = new PassThrough();
    const unwatch = ledger.watch((entry) => stream.write(`data: ${JSON.stringify(changeOf(entry))}\n\n`));
    const heartbeat = setInterval(() => stream.write(':\n\n'), HEARTBEAT_MS);
    ctx.req.once('close', () => {
      clearInterval(heartbeat);
      unwatch();
      stream.end();
    });
    stream.write('retry: 1000\n\n');
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'text/event-stream';
    ctx.body = stream;
  });
}

function allMessages({ ledger }: World): Message[] {
  return [...ledger.messages.values()].sort((one, other) => one.order - other.order);
}

function summary({ ledger }: World, person: Person): Record<string, unknown> {
  const thread = ledger.thread(person.id);
  return {
    ...person,
    messages: thread.length,
    unread: ledger.newerThan(person.id, person.readUpTo, 'out').length,
    last: thread.at(-1) ?? null,
  };
}

/** What the live stream says about a change: its kind and the person it concerns. */
function changeOf(entry: Entry): { type: Entry['type']; personId: string | null } {
  switch (entry.type) {
    case 'person':
      return { type: entry.type, personId: entry.person.id };
    case 'message':
      return { type: entry.type, personId: entry.message.personId };
    case 'call':
      return { type: entry.type, personId: entry.call.personId };
    case 'webhook':
      return { type: entry.type, personId: entry.webhook.personId };
    default:
      return { type: entry.type, personId: null };
  }
}
