import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import mongoose from 'mongoose';
import { authenticateVisitorToken } from '../../../src/commands/access/authenticate.js';
import { act } from '../../../src/commands/act.js';
import { noteVisit } from '../../../src/commands/contacts/note-visit.js';
import {
  AuditEventModel,
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  InboxModel,
  StoredEventModel,
} from '../../../src/models/index.js';
import { SYSTEM } from '../../../src/policies/index.js';
import { identityHash } from '../../../src/utils/identity-hash.js';
import { signVisitorToken, TOKEN_LIFETIME } from '../../../src/utils/tokens.js';
import { buildConversation, buildInbox } from '../../support/build.js';
import { TestApp } from './support.js';

const SHOP = 'https://shop.example';
const SECRET = 'a-secret-of-the-website';

let app: TestApp;
let inboxId: string;
let key: string;

interface Opened {
  token: string;
  contactId: string;
  inbox: { id: string; name: string };
  conversation: { id: string; number: string } | null;
}

beforeAll(async () => {
  app = await TestApp.start();
  const { accessToken } = await app.setUp();
  const body = { channel: 'web', name: 'Shop', allowedOrigins: [SHOP], config: { identitySecret: SECRET } };
  const made = await app.call('POST', '/api/inboxes', { token: accessToken, body });
  ({ id: inboxId, key } = (made.body.data as { inbox: { id: string; key: string } }).inbox);
});
afterAll(() => app?.stop());
beforeEach(async () => {
  app.changes.length = 0;
  await app.redis.flushall();
});

const ask = (body: object, origin: string | null = SHOP) =>
  app.call('POST', '/api/widget/session', {
    body: { inboxKey: key, ...body },
    headers: origin === null ? {} : { Origin: origin },
  });
const open = async (body: object = {}): Promise<Opened> => {
  const answer = await ask(body);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.data as Opened;
};
const vouch = (id: string, more: object = {}) => ({ identity: { id, hash: identityHash(id, SECRET), ...more } });
const actorOf = async (token: string) => (await authenticateVisitorToken(app.hub, token)).actor;

async function converse(opened: Opened, minutesAgo: number) {
  const { identityId } = await actorOf(opened.token);
  const at = new Date(Date.now() - minutesAgo * 60_000);
  const identity = new mongoose.Types.ObjectId(identityId);
  const thread = await buildConversation({ identity, lastActivityAt: at, createdAt: at });
  return { id: String(thread._id), number: thread.number };
}

test('a stranger gets a token that goes on working for the same person', async () => {
  const first = await open();
  expect(first).toEqual({
    token: expect.any(String),
    contactId: expect.any(String),
    inbox: { id: inboxId, name: 'Shop' },
    conversation: null,
  });
  const again = await open({ token: first.token });
  expect(again.contactId).toBe(first.contactId);
  expect((await open()).contactId).not.toBe(first.contactId);
  expect(await actorOf(again.token)).toMatchObject({ type: 'visitor', inboxId, contactId: first.contactId });
});

test('the live conversation comes with the session, with no more than the customer may know', async () => {
  const opened = await open();
  const conversation = await converse(opened, 1);
  expect((await open({ token: opened.token })).conversation).toEqual({
    id: conversation.id,
    number: `TKT-${conversation.number}`,
    status: 'open',
    agentName: null,
    rev: 0,
    version: 0,
    teamReadUpTo: 0,
  });
});

test('a token that is not genuine, or of another inbox, counts as none', async () => {
  const first = await open();
  expect((await open({ token: `${first.token.slice(0, -4)}AAAA` })).contactId).not.toBe(first.contactId);
  const other = await buildInbox({ accountId: 'other' });
  const answer = await ask({ inboxKey: 'other', token: first.token });
  expect((answer.body.data as Opened).contactId).not.toBe(first.contactId);
  expect((answer.body.data as Opened).inbox.id).toBe(String(other._id));
});

test('only listed websites and our own pages may ask; a browser can read the refusal', async () => {
  const refused = await ask({}, 'https://evil.example');
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).toBe('https://evil.example');
  expect((await ask({}, null)).status).toBe(403);
  expect((await ask({}, app.url)).status).toBe(200);
  expect((await ask({ inboxKey: 'unknown' })).status).toBe(404);
  const preflight = await app.call('OPTIONS', '/api/widget/session', {
    headers: { Origin: SHOP, 'Access-Control-Request-Method': 'POST' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(SHOP);
});

test('a wrong hash is refused and changes nothing', async () => {
  const first = await open();
  const before = await ContactIdentityModel.countDocuments();
  const answer = await ask({ token: first.token, identity: { id: 'u1', hash: identityHash('u2', SECRET) } });
  expect(answer.status).toBe(403);
  expect(await ContactIdentityModel.countDocuments()).toBe(before);
  expect(await ContactIdentityModel.exists({ externalId: 'user:u1' })).toBeNull();
  expect(await AuditEventModel.exists({ type: 'identity.refused', subject: `inbox:${inboxId}` })).not.toBeNull();
  expect((await ask({ identity: { id: 'u1' } })).status).toBe(400);
});

test('a vouched visitor keeps what they wrote before, and finds it on another device', async () => {
  const phone = await open();
  const conversation = await converse(phone, 1);
  const named = await open({ token: phone.token, ...vouch('alice', { name: 'Alice', email: 'alice@example.com' }) });
  expect(named.contactId).toBe(phone.contactId);
  expect(named.conversation?.id).toBe(conversation.id);
  expect(await ContactModel.findById(named.contactId).lean()).toMatchObject({
    name: 'Alice',
    email: 'alice@example.com',
  });
  const laptop = await open(vouch('alice'));
  expect(laptop).toMatchObject({ contactId: phone.contactId, conversation: { id: conversation.id } });
});

test('what was written anonymously on a second device joins the known history, and the livelier thread goes on', async () => {
  const known = await open(vouch('bob'));
  const old = await converse(known, 60);
  const stranger = await open();
  const fresh = await converse(stranger, 1);

  const merged = await open({ token: stranger.token, ...vouch('bob') });
  expect(merged).toMatchObject({ contactId: known.contactId, conversation: { id: fresh.id } });
  const { identityId } = await actorOf(known.token);
  expect((await actorOf(merged.token)).identityId).toBe(identityId);
  const rows = await ConversationModel.find({ identity: identityId }).sort({ number: 1 }).lean();
  expect(rows.map((row) => [row._id.toString(), row.current])).toEqual([
    [old.id, false],
    [fresh.id, true],
  ]);
  expect(rows.every((row) => row.version === 1 && row.contact.toString() === known.contactId)).toBe(true);
  expect(app.changes.map((change) => change.type)).toEqual(['visitor_tokens_ended', 'conversation', 'conversation']);
  expect(await ContactModel.exists({ _id: stranger.contactId })).toBeNull();
  expect((await open(vouch('bob'))).conversation?.id).toBe(fresh.id);
});

/** Expects that nothing answers to a token any more. */
async function expectEnded(token: string): Promise<void> {
  await expect(actorOf(token)).rejects.toMatchObject({ status: 401 });
  expect((await ask({ token })).status).toBe(401);
  expect((await ask({ token, attributes: { Plan: 'mine' } })).status).toBe(401);
  for (const [method, path] of [
    ['POST', '/api/widget/uploads'],
    ['DELETE', '/api/widget/session'],
  ] as const)
    expect((await app.call(method, path, { token, headers: { Origin: SHOP } })).status).toBe(401);
}

describe('a token kept from before', () => {
  test('the visitor was identified opens nothing of theirs', async () => {
    const kept = await open();
    const named = await open({ token: kept.token, ...vouch('fay', { name: 'Fay' }) });
    expect(named.contactId).toBe(kept.contactId);
    await expectEnded(kept.token);
    expect(await ContactModel.findById(named.contactId).lean()).toMatchObject({ name: 'Fay', attributes: [] });
    expect(await actorOf(named.token)).toMatchObject({ contactId: named.contactId });
    expect(app.changes).toContainEqual({
      type: 'visitor_tokens_ended',
      identityId: (await actorOf(named.token)).identityId,
      epoch: 1,
    });
  });

  test('the visitor’s words joined a known history opens nothing of it', async () => {
    await open(vouch('gus'));
    const kept = await open();
    const { identityId } = await actorOf(kept.token);
    const merged = await open({ token: kept.token, ...vouch('gus', { email: 'gus@example.com' }) });
    await expectEnded(kept.token);
    expect(app.changes).toContainEqual({ type: 'visitor_tokens_ended', identityId, epoch: 1 });
    expect((await open({ token: kept.token, ...vouch('gus') })).contactId).toBe(merged.contactId);
  });

  test('the visitor logged out opens nothing, and their own log-in goes on', async () => {
    const kept = await open(vouch('hal'));
    const answer = await app.call('DELETE', '/api/widget/session', { token: kept.token, headers: { Origin: SHOP } });
    expect(answer.status).toBe(200);
    await expectEnded(kept.token);
    const back = await open({ token: kept.token, ...vouch('hal') });
    expect(back.contactId).toBe(kept.contactId);
    expect((await actorOf(back.token)).epoch).toBe(1);
  });

  test('epochs were counted is of the first', async () => {
    const { identityId } = await actorOf((await open()).token);
    const options = { algorithm: 'HS256', audience: 'visitor', expiresIn: 60 } as const;
    const old = jwt.sign({ sub: identityId, inbox: inboxId }, app.hub.env.JWT_SECRET, options);
    expect((await ask({ token: old })).status).toBe(200);
    // As it stands in a store of that time.
    await ContactIdentityModel.collection.updateOne(
      { _id: new mongoose.Types.ObjectId(identityId) },
      { $unset: { tokenEpoch: 1 } },
    );
    expect((await ask({ token: old })).status).toBe(200);
    await open({ token: old, ...vouch('ida') });
    await expectEnded(old);
  });
});

test('a token stays the same while it is good, so that tabs have nothing to tell each other', async () => {
  const first = await open();
  expect((await open({ token: first.token })).token).toBe(first.token);
  const named = await open({ token: first.token, ...vouch('jo') });
  expect((await open({ token: named.token, ...vouch('jo') })).token).toBe(named.token);
  const { env } = app.hub;
  const halfOver = Date.now() - TOKEN_LIFETIME.visitor / 2 - 60_000;
  const { identityId, epoch } = await actorOf(named.token);
  const old = signVisitorToken({ identityId, inboxId, epoch }, env.JWT_SECRET, halfOver);
  expect((await open({ token: old })).token).not.toBe(old);
});

test('what was said of a stranger while their website vouched for them is not kept', async () => {
  const kept = await open();
  const { identityId } = await actorOf(kept.token);
  const before = await ContactIdentityModel.findById(identityId).lean();
  const named = await open({ token: kept.token, ...vouch('kim') });
  const inbox = await InboxModel.findById(inboxId).lean();
  // A request of the stranger that was under way while the website vouched for them.
  await act(app.hub, SYSTEM, (unit) => noteVisit(unit, inbox!, before!, { attributes: { Plan: 'forged' } }));
  expect((await ContactModel.findById(named.contactId).lean())?.attributes).toEqual([]);
});

test('what becomes known of a visitor is kept as an event, and not where they are', async () => {
  const eventsOf = async (about: object) => (await StoredEventModel.find(about).lean()).map(({ type }) => type);
  const page = { url: `${SHOP}/bikes` };
  const { token, contactId } = await open({ page });
  const { identityId } = await actorOf(token);
  expect(await eventsOf({ 'data.identity': identityId })).toEqual(['identity.created']);
  expect(await eventsOf({ 'data.contact': contactId })).toEqual([]);
  await open({ token, page, attributes: { Plan: 'Gold' } });
  const changed = await StoredEventModel.find({ 'data.contact': contactId }).lean();
  expect(changed).toMatchObject([
    { type: 'contact.changed', actor: `identity:${identityId}`, data: { fields: ['attributes'] } },
  ]);
});

test('a closed conversation comes with the session until a new one begins', async () => {
  const opened = await open();
  const { id } = await converse(opened, 1);
  await ConversationModel.updateOne({ _id: id }, { $set: { status: 'closed', active: false, current: false } });
  expect((await open({ token: opened.token })).conversation).toMatchObject({ id, status: 'closed' });
});

describe('the page a visitor is on', () => {
  const pageOf = async ({ contactId }: Opened) => (await ContactModel.findById(contactId).lean())?.page ?? null;
  const there = { url: 'https://user:pw@shop.example/helmets?email=a@b.example#top', title: ' Hel\u202Emets ' };

  test('is kept without its query, user and fragment', async () => {
    const opened = await open({ page: { ...there, referrer: 'https://search.example/?q=helmet' } });
    expect(await pageOf(opened)).toEqual({
      url: 'https://shop.example/helmets',
      title: 'Helmets',
      referrer: 'https://search.example/',
      at: expect.any(Date),
    });
  });

  test('is kept with its query where the inbox says so', async () => {
    await InboxModel.updateOne({ _id: inboxId }, { $set: { settings: { pageQueries: true } } });
    expect((await pageOf(await open({ page: there })))?.url).toBe('https://shop.example/helmets?email=a@b.example');
    await InboxModel.updateOne({ _id: inboxId }, { $set: { settings: {} } });
  });

  test('tells the team when it is another, and only then', async () => {
    const opened = await open();
    await converse(opened, 1);
    app.changes.length = 0;
    await open({ token: opened.token, page: there });
    await open({ token: opened.token, page: there });
    expect(app.changes).toHaveLength(1);
  });

  test('is left out when it is no address of the web, and refused when it is endless', async () => {
    expect(await pageOf(await open({ page: { url: 'javascript:alert(1)' } }))).toBeNull();
    expect((await ask({ page: { url: `https://shop.example/${'a'.repeat(2_000)}` } })).status).toBe(400);
  });
});

test('two known people on one computer are never mixed', async () => {
  const carol = await open(vouch('carol'));
  const conversation = await converse(carol, 1);
  const dave = await open({ token: carol.token, ...vouch('dave') });
  expect(dave.contactId).not.toBe(carol.contactId);
  expect(dave.conversation).toBeNull();
  expect((await open(vouch('carol'))).conversation?.id).toBe(conversation.id);
});

test('identifying at once in two tabs makes one person', async () => {
  const stranger = await open();
  const answers = await Promise.all([
    open({ token: stranger.token, ...vouch('erin') }),
    open({ token: stranger.token, ...vouch('erin') }),
    open(vouch('erin')),
  ]);
  expect(await ContactIdentityModel.countDocuments({ externalId: 'user:erin' })).toBe(1);
  const owner = await ContactIdentityModel.findOne({ externalId: 'user:erin' }).lean();
  expect(new Set(answers.map((answer) => answer.contactId))).toEqual(new Set([String(owner?.contact)]));
});

test('a stranger whose words join a known history meanwhile is nobody else’s to take over', async () => {
  const grace = await open(vouch('grace', { name: 'Grace' }));
  const stranger = await open();
  const find = ContactIdentityModel.findById.bind(ContactIdentityModel);
  const spy = jest.spyOn(ContactIdentityModel, 'findById').mockImplementationOnce(((
    ...args: Parameters<typeof find>
  ) => {
    const query = find(...args);
    const read = query.exec.bind(query);
    query.exec = async () => {
      await open({ token: stranger.token, ...vouch('grace') });
      return read();
    };
    return query;
  }) as unknown as typeof ContactIdentityModel.findById);
  const mallory = await open({ token: stranger.token, ...vouch('mallory', { name: 'Mallory' }) });
  spy.mockRestore();
  expect(mallory.contactId).not.toBe(grace.contactId);
  expect(await ContactModel.findById(grace.contactId).lean()).toMatchObject({ name: 'Grace' });
});

test('an address may open a hundred sessions in a quarter of an hour', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 101; n += 1) statuses.push((await ask({ inboxKey: 'unknown' })).status);
  expect(statuses.filter((status) => status === 404)).toHaveLength(100);
  expect(statuses.at(-1)).toBe(429);
});
