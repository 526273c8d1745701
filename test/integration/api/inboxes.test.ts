import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { channelContext } from '../../../src/commands/inboxes/channel-context.js';
import { randomUUID } from 'node:crypto';
import { openVisitorSession } from '../../../src/commands/contacts/open-visitor-session.js';
import { receiveMessage } from '../../../src/commands/messages/receive-message.js';
import { AuditEventModel, InboxModel, UserModel, WebhookEventModel } from '../../../src/models/index.js';
import { visitorOf } from '../../../src/policies/index.js';
import { presentInbox } from '../../../src/presenters/inbox.js';
import { seal, unseal } from '../../../src/utils/seal.js';
import { until } from '../../support/until.js';
import { TestApp, type Account } from './support.js';

let app: TestApp;
let admin: Account;
let agent: Account;

interface Made {
  inbox: { id: string; key: string; memberIds: string[] };
  identitySecret: string | null;
}

beforeAll(async () => {
  app = await TestApp.start();
  admin = await app.setUp();
  agent = await app.addUser(admin, 'agent');
});
afterAll(() => app?.stop());
beforeEach(() => void (app.changes.length = 0));

const add = (body: object, by = admin) => app.call('POST', '/api/inboxes', { token: by.accessToken, body });
const patch = (id: string, body: object, by = admin) =>
  app.call('PATCH', `/api/inboxes/${id}`, { token: by.accessToken, body });
const openedConfig = async (id: string) =>
  unseal(String((await InboxModel.findById(id).lean())?.credentials), app.hub.env.ENCRYPTION_KEY);

test('a website gets its key, and its identity secret once', async () => {
  const made = await add({ channel: 'web', name: 'Shop', allowedOrigins: ['https://Shop.example/'] });
  expect(made.status).toBe(201);
  const { inbox, identitySecret } = made.body.data as Made;
  expect(inbox).toEqual({
    id: expect.any(String),
    channel: 'web',
    name: 'Shop',
    key: expect.stringMatching(/^[0-9a-f]{24}$/),
    state: 'connected',
    allowedOrigins: ['https://shop.example'],
    memberIds: [],
    hold: null,
    lastEventInAt: null,
    lastEventOutAt: null,
    settings: {},
  });
  expect(await openedConfig(inbox.id)).toEqual({ identitySecret });
  const list = await app.call('GET', '/api/inboxes', { token: admin.accessToken });
  expect(list.text).not.toContain(String(identitySecret));
  expect(list.text).not.toContain('credentials');

  const renamed = await patch(inbox.id, { name: 'Store', config: {} });
  expect(renamed.body.data).toEqual({ inbox: expect.objectContaining({ name: 'Store' }) });
  expect(await openedConfig(inbox.id)).toEqual({ identitySecret });
});

test('a website tells when somebody last wrote on it, to the minute', async () => {
  const { inbox } = (await add({ channel: 'web', name: 'Shop' })).body.data as Made;
  const { identity } = await openVisitorSession(app.hub, { inboxKey: inbox.key, origin: null, from: null });
  const write = () =>
    receiveMessage(app.hub, visitorOf(identity), {
      ...{ text: 'Hello?', clientMessageId: randomUUID(), attachmentIds: [] },
      ...{ replyToMessageId: null, payload: null },
    });
  const began = app.hub.now();
  const writes = jest.spyOn(InboxModel, 'updateOne');
  await write();
  await write();
  expect(writes).toHaveBeenCalledTimes(1);
  writes.mockRestore();
  const listed = async () => presentInbox((await InboxModel.findById(inbox.id).lean())!).lastEventInAt ?? 0;
  await until('it is noted', async () => (await listed()) >= began);
});

test('a config that was sealed with a field of former times is read, and renewed, without it', async () => {
  const config = { accessToken: 'EAAold', humanAgent: true };
  const page = { channel: 'messenger', name: 'Old', accountId: '55' };
  const refused = await add({ ...page, config });
  expect(refused.body.error?.details).toEqual([{ field: 'config.humanAgent', message: 'is not known here' }]);
  const { inbox } = (await add({ ...page, config: { accessToken: 'EAAold' } })).body.data as Made;
  await InboxModel.updateOne({ _id: inbox.id }, { $set: { credentials: seal(config, app.hub.env.ENCRYPTION_KEY) } });
  const stored = await InboxModel.findById(inbox.id).lean();
  expect(channelContext(app.hub, stored!).config).toEqual({ accessToken: 'EAAold' });
  const body = { config: { accessToken: 'EAAnew' } };
  expect((await app.call('PATCH', `/api/inboxes/${inbox.id}`, { token: admin.accessToken, body })).status).toBe(200);
  expect(await openedConfig(inbox.id)).toEqual({ accessToken: 'EAAnew' });
});

test('an account of a platform is connected once, with its secrets sealed, and gets what waited for it', async () => {
  await WebhookEventModel.collection.insertOne({
    channel: 'messenger',
    accountId: '777',
    dedupeKey: 'd',
    lane: 'messenger:777:1',
    payload: { text: 'hello' },
    receivedAt: new Date(),
    state: 'unroutable',
  });
  const page = { channel: 'messenger', name: 'Page', accountId: '777', config: { accessToken: 'EAAsecret' } };
  const made = await add(page);
  expect(made.status).toBe(201);
  expect(made.body.data).toMatchObject({ identitySecret: null, inbox: { key: '777' } });
  expect(made.text).not.toContain('EAAsecret');
  const { inbox } = made.body.data as Made;
  expect(await openedConfig(inbox.id)).toEqual({ accessToken: 'EAAsecret' });
  expect(await WebhookEventModel.findOne({ accountId: '777' }).lean()).toMatchObject({ state: 'pending' });

  const twice = await Promise.all([add({ ...page, accountId: '8' }), add({ ...page, accountId: '8' }), add(page)]);
  expect(twice.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
});

test('a new token connects a Page again that had lost its own', async () => {
  const made = await add({ channel: 'messenger', name: 'P', accountId: '9', config: { accessToken: 'old' } });
  const { id } = (made.body.data as Made).inbox;
  const hold = { reason: 'token expired', until: null };
  await InboxModel.updateOne({ _id: id }, { state: 'needs_reauthorisation', sendHold: hold });
  const answer = await patch(id, { config: { accessToken: 'new' } });
  expect(answer.body.data).toEqual({ inbox: expect.objectContaining({ state: 'connected', hold: null }) });
  expect(await openedConfig(id)).toMatchObject({ accessToken: 'new' });
});

test('sends that wait for somebody to act go on when somebody has; those over a limit wait for its end', async () => {
  const made = await add({ channel: 'messenger', name: 'P', accountId: '10', config: { accessToken: 'old' } });
  const { id } = (made.body.data as Made).inbox;
  const heldAfter = async (until: Date | null, changes: object): Promise<string | null> => {
    await InboxModel.updateOne({ _id: id }, { sendHold: { reason: 'misconfigured', until } });
    const answer = await patch(id, changes);
    return (answer.body.data as { inbox: { hold: { reason: string } | null } }).inbox.hold?.reason ?? null;
  };
  const end = new Date(Date.now() + 60_000);
  expect(await heldAfter(null, { name: 'Q' })).toBe('misconfigured');
  expect(await heldAfter(null, { state: 'connected' })).toBeNull();
  expect(await heldAfter(null, { config: { accessToken: 'new' } })).toBeNull();
  expect(await heldAfter(end, { state: 'connected' })).toBe('misconfigured');
});

test('what a channel or a setting cannot be is named', async () => {
  const fieldsOf = async (body: object) => {
    const answer = await add(body);
    expect(answer.status).toBe(400);
    return answer.body.error?.details?.map((detail) => detail.field);
  };
  expect(await fieldsOf({ channel: 'pigeon', name: 'P' })).toEqual(['channel']);
  expect(await fieldsOf({ channel: 'messenger', name: 'P' })).toEqual(['accountId']);
  expect(await fieldsOf({ channel: 'web', name: 'P', accountId: '1' })).toEqual(['accountId']);
  expect(await fieldsOf({ channel: 'messenger', name: 'P', accountId: '1' })).toEqual(['config.accessToken']);
  expect(await fieldsOf({ channel: 'web', name: 'P', config: { colour: 'red' } })).toEqual(['config.colour']);
  expect(await fieldsOf({ channel: 'web', name: 'P', allowedOrigins: ['https://a.example/path'] })).toEqual([
    'allowedOrigins.0',
  ]);
  expect(await fieldsOf({ channel: 'web', name: 'P', settings: { $where: 1 } })).toEqual(['settings.$where']);
  expect(await fieldsOf({ channel: 'web', name: 'P', memberIds: ['0'.repeat(24)] })).toEqual(['memberIds']);
  expect(await InboxModel.exists({ name: 'P', channel: 'web' })).toBeNull();
});

test('settings nested deeper than anything that is shown are refused, as is every such body', async () => {
  const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const inbox = (levels: number): string => `{"channel":"web","name":"Deep","settings":${nested(levels)}}`;
  const made = await app.call('POST', '/api/inboxes', { token: admin.accessToken, body: inbox(31) });
  expect(made.status).toBe(201);
  expect((made.body.data as { inbox: { settings: unknown } }).inbox.settings).toEqual(JSON.parse(nested(31)));
  const { id } = (made.body.data as Made).inbox;
  for (const [method, path, body] of [
    ['POST', '/api/inboxes', inbox(32)],
    ['POST', '/api/inboxes', inbox(150)],
    ['POST', '/api/inboxes', inbox(3_000)],
    ['PATCH', `/api/inboxes/${id}`, `{"config":${nested(3_000)}}`],
    ['POST', '/api/auth/login', nested(40_000)],
    ['POST', '/api/auth/login', `${'['.repeat(60_000)}${']'.repeat(60_000)}`],
  ] as const) {
    const answer = await app.call(method, path, { token: admin.accessToken, body });
    expect([answer.status, answer.body.error?.message]).toEqual([
      400,
      'Lists and objects may stand at most 32 levels inside one another.',
    ]);
  }
  expect(await InboxModel.countDocuments({ name: 'Deep' })).toBe(1);
});

test('members see their inboxes, and their scope moves with membership', async () => {
  const made = await add({ channel: 'web', name: 'Team', memberIds: [agent.id] });
  const { id } = (made.body.data as Made).inbox;
  expect(app.changes).toEqual([{ type: 'scope', userId: agent.id, scopeRev: 1 }]);
  const list = () => app.call('GET', '/api/inboxes', { token: agent.accessToken });
  expect((await list()).body.data).toEqual({ items: [expect.objectContaining({ id, memberIds: [agent.id] })] });

  app.changes.length = 0;
  await patch(id, { name: 'Team 2', memberIds: [agent.id] });
  expect(app.changes).toEqual([]);
  await patch(id, { memberIds: [] });
  expect(app.changes).toEqual([{ type: 'scope', userId: agent.id, scopeRev: 2 }]);
  expect((await list()).body.data).toEqual({ items: [] });
  expect((await UserModel.findById(agent.id).lean())?.scopeRev).toBe(2);
});

test('only admins manage inboxes', async () => {
  expect((await add({ channel: 'web', name: 'X' }, agent)).status).toBe(403);
  const event = await AuditEventModel.findOne({ type: 'access.denied' }).sort({ _id: -1 }).lean();
  expect(event).toMatchObject({ actor: `user:${agent.id}`, data: { ability: 'inbox.manage' } });
  expect(await app.auditTypes()).toEqual(expect.arrayContaining(['inbox.created', 'inbox.updated']));
});
