import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createInbox } from '../../../src/commands/inboxes/create-inbox.js';
import { updateInbox } from '../../../src/commands/inboxes/update-inbox.js';
import { createUser } from '../../../src/commands/people/create-user.js';
import { updateUser } from '../../../src/commands/people/update-user.js';
import { AuditEventModel, UserModel } from '../../../src/models/index.js';
import { AccessDenied } from '../../../src/policies/authorize.js';
import { staffActor } from '../../support/actors.js';
import { PASSWORD, TestApp, type Account } from './support.js';

let app: TestApp;
let admin: Account;
let agent: Account;

beforeAll(async () => {
  app = await TestApp.start();
  admin = await app.setUp();
  agent = await app.addUser(admin, 'agent');
});
afterAll(() => app?.stop());
beforeEach(() => void (app.changes.length = 0));

const patch = (id: string, body: unknown, by = admin) =>
  app.call('PATCH', `/api/users/${id}`, { token: by.accessToken, body });

test('the team is listed for staff', async () => {
  const answer = await app.call('GET', '/api/users', { token: agent.accessToken });
  expect(answer.body.data).toEqual({
    items: [
      { id: admin.id, name: 'Ada', email: admin.email, role: 'admin', availability: 'available', active: true },
      { id: agent.id, name: 'agent', email: agent.email, role: 'agent', availability: 'available', active: true },
    ],
  });
});

test('commands ask the policy themselves, whoever calls them', async () => {
  const actor = staffActor({ role: 'supervisor', userId: agent.id });
  const { hub } = app;
  const eve = { name: 'Eve', email: 'eve@example.com', password: PASSWORD, role: 'agent' as const };
  await expect(createUser(hub, { actor, ...eve })).rejects.toThrow(AccessDenied);
  await expect(updateUser(hub, { actor, userId: agent.id, changes: { role: 'admin' } })).rejects.toThrow(AccessDenied);
  await expect(createInbox(hub, { actor, channel: 'web', name: 'Shop' })).rejects.toThrow(AccessDenied);
  await expect(updateInbox(hub, { actor, inboxId: agent.id, changes: {} })).rejects.toThrow(AccessDenied);
});

test('only admins add people, and a denied call is written down', async () => {
  const body = { name: 'Eve', email: 'eve@example.com', password: PASSWORD, role: 'admin' };
  const denied = await app.call('POST', '/api/users', { token: agent.accessToken, body });
  expect(denied.status).toBe(403);
  expect(denied.body.error?.code).toBe('FORBIDDEN');
  const event = await AuditEventModel.findOne({ type: 'access.denied' }).lean();
  expect(event).toMatchObject({ actor: `user:${agent.id}`, data: { ability: 'user.manage' } });
  expect(await UserModel.exists({ email: 'eve@example.com' })).toBeNull();
});

test('a new user has a clean address, a fit password and an unused e-mail', async () => {
  const add = (body: object) => app.call('POST', '/api/users', { token: admin.accessToken, body });
  const mara = { name: ' Mara ', email: 'Mara@Example.com', password: PASSWORD, role: 'supervisor' };
  const made = await add(mara);
  expect(made.status).toBe(201);
  expect(made.body.data).toEqual({
    user: expect.objectContaining({ name: 'Mara', email: 'mara@example.com', role: 'supervisor' }),
  });
  expect((await add(mara)).status).toBe(409);
  expect((await add({ ...mara, role: 'customer' })).status).toBe(400);
  const long = await add({ ...mara, email: 'long@example.com', password: 'ä'.repeat(40) });
  expect(long.body.error?.details).toEqual([{ field: 'password', message: 'must not be longer than 72 bytes' }]);
});

test('deactivating ends sessions at once and cuts sockets; reactivating lets log in again', async () => {
  const zoe = await app.addUser(admin, 'agent', 'zoe');
  app.changes.length = 0;
  expect((await patch(zoe.id, { active: false })).body.data).toMatchObject({ user: { active: false } });
  expect(app.changes).toEqual([{ type: 'revoked', userId: zoe.id, sessionId: null }]);
  expect((await app.call('GET', '/api/auth/me', { token: zoe.accessToken })).status).toBe(401);
  const { refreshToken } = zoe;
  expect((await app.call('POST', '/api/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  const login = { body: { email: zoe.email, password: PASSWORD } };
  expect((await app.call('POST', '/api/auth/login', login)).status).toBe(401);

  await patch(zoe.id, { active: true });
  expect((await app.call('GET', '/api/auth/me', { token: zoe.accessToken })).status).toBe(401);
  expect((await app.call('POST', '/api/auth/login', login)).status).toBe(200);
});

test('another role counts at once and moves the scope', async () => {
  const kim = await app.addUser(admin, 'agent', 'kim');
  app.changes.length = 0;
  await patch(kim.id, { role: 'admin' });
  expect(app.changes).toEqual([{ type: 'scope', userId: kim.id, scopeRev: 1 }]);
  const list = await app.call('PATCH', `/api/users/${agent.id}`, {
    token: kim.accessToken,
    body: { name: 'Agent Smith' },
  });
  expect(list.status).toBe(200);
  await patch(kim.id, { role: 'agent' });
  expect((await patch(agent.id, { name: 'Neo' }, kim)).status).toBe(403);
});

test('somebody stays admin, also when two admins demote each other at once', async () => {
  expect((await patch(admin.id, { role: 'agent' })).status).toBe(409);
  expect((await patch(admin.id, { active: false })).status).toBe(409);
  const second = await app.addUser(admin, 'admin', 'second');
  const answers = await Promise.all([
    patch(second.id, { role: 'agent' }, admin),
    patch(admin.id, { role: 'agent' }, second),
  ]);
  expect(await UserModel.countDocuments({ role: 'admin', active: true })).toBe(1);
  expect(answers.map((answer) => answer.status)).toContain(200);
});
