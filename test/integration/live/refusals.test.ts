import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiRoutes } from '../../../src/api/router.js';
import type { Route } from '../../../src/api/route.js';
import { can, isStanding, type Ability } from '../../../src/policies/index.js';
import type { ApiAnswer } from '../../../src/shared/schemas/error.js';
import { socketCatalogue } from '../../../src/shared/socket-catalogue/index.js';
import type { ClientEvent, Namespace } from '../../../src/shared/socket-catalogue/rows.js';
import { staffActor } from '../../support/actors.js';
import { sampleOf, type Known } from '../../support/sample-input.js';
import { Peer } from './support/peer.js';
import { World, type Member, type Visitor } from './support/world.js';

/** What every route and every event refuses; a new one is found by itself. */

/** Routes that ask for no log-in, and why. */
const PUBLIC: Record<string, string> = {
  'GET /setup': 'says whether there is anybody yet; takes nothing, and so has nothing to refuse',
  'POST /setup': 'there is nobody yet; asks for the set-up code',
  'POST /auth/login': 'is the log-in',
  'POST /auth/refresh': 'asks for the refresh token',
  'POST /auth/logout': 'asks for the refresh token',
  'POST /widget/session': 'visitors are strangers',
};

/** What refuses nobody of its audience although its ability looks at a conversation, and why. */
const NAMES_NO_OTHERS: Record<string, string> = {
  '/agent leave_conversation': 'ends what the caller hears',
  '/customer customer_message': 'goes to the conversation of the visitor',
  '/customer customer_typing': 'goes to the conversation of the visitor',
  '/customer customer_disconnect': 'ends the connection of the visitor',
};

/** What an input has to hold besides what its schema asks for: words, and what is foreign in it if that is no conversation. */
const extras = (foreign: Foreign): Record<string, object> => ({
  'GET /conversations': { view: 'inbox', inboxId: foreign.inboxId },
  'POST /conversations/:id/messages': { text: 'Let me in.' },
  'PATCH /users/:id': { name: 'Nemo' },
  'PATCH /inboxes/:id': { name: 'Nautilus' },
  '/agent send_message': { text: 'Let me in.' },
  '/agent sync_list': { view: { kind: 'inbox', inboxId: foreign.inboxId } },
});

/** Events that name no conversation, so that there is none to be missing. */
const NAMES_A_VIEW = ['/agent sync_list'];

/** Somebody else's. */
interface Foreign {
  conversationId: string;
  inboxId: string;
}

const NOBODY = 'f'.repeat(24);
const STRAY = { unheardOf: true };
const SOME_VISITOR = { type: 'visitor', identityId: NOBODY, contactId: NOBODY, inboxId: NOBODY, epoch: 0 } as const;

let world: World;
let admin: Member;
let supervisor: Member;
let agent: Member;
let visitor: Visitor;
let foreign: Foreign;
/** Sockets of those above. */
let peers: Record<string, { known: Peer; mighty: Peer }>;

beforeAll(async () => {
  world = await World.start();
  [admin, supervisor, agent] = await Promise.all([
    world.member('admin', 'Ada Adler'),
    world.member('supervisor', 'Lea Lorenz'),
    world.member('agent', 'Stig Storm'),
  ]);
  const shop = await world.webInbox([]);
  const { conversation } = await world.write(await world.visitor(shop.key), 'Hello?');
  foreign = { conversationId: String(conversation._id), inboxId: shop.id };
  visitor = await world.visitor(shop.key);
  const visiting = await world.visitorPeer(visitor);
  peers = {
    '/agent': { known: await world.staffPeer(agent), mighty: await world.staffPeer(admin) },
    '/customer': { known: visiting, mighty: visiting },
  };
});
afterAll(() => world.stop());

const found = (): Known => ({
  ...{ id: foreign.conversationId, messageId: NOBODY, assigneeId: agent.actor.userId },
  ...foreign,
});
const missing: Known = { id: NOBODY, conversationId: NOBODY };

interface Asked {
  token?: string | undefined;
  params?: Record<string, unknown>;
  query?: Record<string, string>;
  body?: unknown;
}

/** Status and code of the refusal. */
async function ask({ method, path }: Route, { token, params = {}, query = {}, body }: Asked): Promise<unknown[]> {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => String(params[name] ?? NOBODY));
  const search = new URLSearchParams(query);
  const answer = await fetch(`${world.url}/api${filled}?${search.toString()}`, {
    method: method.toUpperCase(),
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const { error } = (await answer.json()) as Extract<ApiAnswer<never>, { success: false }>;
  return [answer.status, error.code];
}

/** The least that a route takes. */
function inputOf(name: string, { input: { params, query, body }, readBody }: Route, known: Known): Asked {
  const extra = extras(foreign)[name];
  return {
    ...(params === undefined ? {} : { params: sampleOf(params, known) }),
    ...(query === undefined ? {} : { query: sampleOf(query, known, extra) as Record<string, string> }),
    ...(body === undefined || readBody !== undefined ? {} : { body: sampleOf(body, known, extra) }),
  };
}

const tokenFor = ({ access }: Route): string | undefined =>
  access === 'public' ? undefined : access === 'staff' ? admin.accessToken : visitor.token;

type Somebody = 'agent' | 'supervisor' | 'admin' | 'visitor';

const tokenOf = (who: Somebody): string =>
  ({ agent, supervisor, admin, visitor: { accessToken: visitor.token } })[who].accessToken;

/** Who of the audience lacks an ability; where it looks at a conversation, who has nothing to do with it. */
function unable({ access, ability }: Route): Somebody[] {
  if (access === 'public' || ability === undefined) return [];
  if (!isStanding(ability)) return access === 'staff' ? ['agent', 'supervisor'] : ['visitor'];
  if (access === 'visitor') return can(SOME_VISITOR, ability) ? [] : ['visitor'];
  return (['agent', 'supervisor', 'admin'] as const).filter((role) => !can(staffActor({ role }), ability));
}

const routes = apiRoutes([]).map((route): [string, Route] => [`${route.method.toUpperCase()} ${route.path}`, route]);

describe.each(routes)('%s', (name, route) => {
  const { access, input, readBody } = route;
  const takes = Object.values(input).some((schema) => schema !== undefined);

  test(`is for ${access === 'public' ? 'everybody, and known to be' : access}`, () => {
    expect(access === 'public').toBe(Object.hasOwn(PUBLIC, name));
  });

  if (access !== 'public')
    test('asks for a log-in of its own audience', async () => {
      const foreigner = access === 'staff' ? visitor.token : admin.accessToken;
      for (const token of [undefined, 'made.up.token', foreigner])
        expect(await ask(route, { token, ...inputOf(name, route, found()) })).toEqual([401, 'UNAUTHENTICATED']);
    });

  if (takes)
    test('refuses what it does not know', async () => {
      const token = tokenFor(route);
      const good = inputOf(name, route, found());
      const wrong: Asked[] = [];
      if (input.params !== undefined) wrong.push({ ...good, params: { id: 'nonsense' } });
      if (input.query !== undefined) wrong.push({ ...good, query: { ...good.query, unheardOf: 'true' } });
      if (input.body !== undefined && readBody === undefined)
        wrong.push(
          { ...good, body: { ...(good.body as object), ...STRAY } },
          { ...good, body: '{' },
          { ...good, body: [] },
        );
      for (const asked of wrong) expect(await ask(route, { token, ...asked })).toEqual([400, 'VALIDATION_ERROR']);
      if (readBody !== undefined)
        expect(await ask(route, { token, ...good, body: {} })).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    });

  const lacking = unable(route);
  if (lacking.length > 0)
    test(`refuses ${lacking.join(', ')}`, async () => {
      const good = inputOf(name, route, found());
      for (const who of lacking) expect(await ask(route, { token: tokenOf(who), ...good })).toEqual([403, 'FORBIDDEN']);
    });

  if (input.params !== undefined)
    test('does not find what is not there', async () => {
      const asked = inputOf(name, route, { ...found(), ...missing });
      expect(await ask(route, { token: tokenFor(route), ...asked })).toEqual([404, 'NOT_FOUND']);
    });
});

const calls = socketCatalogue.flatMap(({ path, entry, calls }: Namespace) =>
  Object.entries(calls).map(
    ([event, row]): [string, ClientEvent, { path: '/agent' | '/customer'; event: string; isEntry: boolean }] => [
      `${path} ${event}`,
      row,
      { path: path as '/agent' | '/customer', event, isEntry: event === entry },
    ],
  ),
);

describe.each(calls)('%s', (name, { ability, input }, { path, event, isEntry }) => {
  const at = (who: 'known' | 'mighty'): Peer => {
    const found = peers[path]?.[who];
    if (found === undefined) throw new Error(`nobody has connected to ${path}`);
    return found;
  };
  const inputWith = (known: Known): object => sampleOf(input, known, extras(foreign)[name]);

  test(isEntry ? 'refuses what is made up' : 'asks for a log-in', async () => {
    const stranger = await Peer.connect(world.url, path);
    world.closeLater(() => stranger.close());
    const refusal = await stranger.refusal(event, inputWith(found()));
    expect(['UNAUTHENTICATED', ...(isEntry ? ['NOT_FOUND'] : [])]).toContain(refusal);
  });

  test('refuses what it does not know', async () => {
    for (const wrong of [{ ...inputWith(found()), ...STRAY }, [], 'nonsense'])
      expect(await at('mighty').refusal(event, wrong)).toBe('VALIDATION_ERROR');
  });

  const looksAtOthers = ability !== null && !isStanding(ability as Ability) && !Object.hasOwn(NAMES_NO_OTHERS, name);
  if (looksAtOthers)
    test('refuses whoever has nothing to do with the conversation', async () => {
      expect(await at('known').refusal(event, inputWith(found()))).toBe('FORBIDDEN');
    });

  if (looksAtOthers && !NAMES_A_VIEW.includes(name))
    test('does not find what is not there', async () => {
      expect(await at('mighty').refusal(event, inputWith({ ...found(), ...missing }))).toBe('NOT_FOUND');
    });
});

test('what is excused is there', () => {
  const names = [...routes, ...calls].map(([name]) => name);
  const excused = [PUBLIC, NAMES_NO_OTHERS, extras(foreign)].flatMap(Object.keys);
  expect(names).toEqual(expect.arrayContaining([...excused, ...NAMES_A_VIEW]));
});

test('a token opens the sockets of its own audience only, and these know no events of the other', async () => {
  await expect(Peer.connect(world.url, '/agent', { token: visitor.token })).rejects.toThrow();
  await expect(Peer.connect(world.url, '/customer', { token: admin.accessToken })).rejects.toThrow();
  for (const [, , { path, event }] of calls) {
    const other = path === '/agent' ? '/customer' : '/agent';
    if (calls.some(([name]) => name === `${other} ${event}`)) continue;
    expect([event, await peers[other]?.mighty.refusal(event, {})]).toEqual([event, 'UNKNOWN_EVENT']);
  }
});
