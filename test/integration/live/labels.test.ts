import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { act } from '../../../src/commands/act.js';
import { deleteLabel, takeLabelOff } from '../../../src/commands/labels/delete-label.js';
import { labelConversation } from '../../../src/commands/labels/label-conversation.js';
import {
  AuditEventModel,
  ConversationModel,
  LabelModel,
  MessageModel,
  StoredEventModel,
  TimerModel,
  type Conversation,
} from '../../../src/models/index.js';
import { VIEW_ORDER } from '../../../src/models/conversation-views.js';
import { SYSTEM } from '../../../src/policies/index.js';
import { filterOfView } from '../../../src/reads/views.js';
import type { ApiAnswer } from '../../../src/shared/schemas/error.js';
import type { LabelDto } from '../../../src/shared/schemas/label.js';
import type { ListPage } from '../../../src/shared/schemas/view.js';
import { COMMAND_DEADLINE } from '../../../src/storage/in-transaction.js';
import { LABEL_LIMITS } from '../../../src/shared/labels.js';
import { runTimer } from '../../../workers/run-timer.js';
import { until } from '../../support/until.js';
import { StaffClient } from './support/clients.js';
import { World, type Member } from './support/world.js';

const NO_ID = '0'.repeat(24);

let world: World;
let lead: Member;
let anna: Member;
let stranger: Member;
let shop: { id: string; key: string };

beforeAll(async () => {
  world = await World.start();
  lead = await world.member('supervisor', 'Ada Adler');
  anna = await world.member('agent', 'Anna Ahrens');
  stranger = await world.member('agent', 'Eve Elsewhere');
  shop = await world.webInbox([lead, anna]);
});
afterAll(() => world.stop());

type Answered<T> = { status: number } & Partial<{ data: T; error: { code: string; details?: object[] } }>;

async function call<T>(by: Member, method: string, path: string, body?: unknown): Promise<Answered<T>> {
  const answer = await fetch(`${world.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${by.accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, ...((await answer.json()) as ApiAnswer<T>) } as Answered<T>;
}

async function made(title: string): Promise<string> {
  const { data } = await call<{ label: LabelDto }>(lead, 'POST', '/labels', { title, colour: 'blue' });
  if (data === undefined) throw new Error(`no label ${title}`);
  return data.label.id;
}

const asked = async (): Promise<Conversation> =>
  (await world.write(await world.visitor(shop.key), 'Where is my lamp?')).conversation;
const labelsOf = async (id: unknown): Promise<string[]> =>
  ((await ConversationModel.findById(id).lean())?.labels ?? []).map(String);

it('are made, listed by title, changed and deleted by those who lead, and that is written down', async () => {
  const body = { title: '  Refund\u200b  due ', colour: 'red', description: 'Money goes back' };
  const created = await call<{ label: LabelDto }>(lead, 'POST', '/labels', body);
  expect(created).toMatchObject({ status: 201, data: { label: { title: 'Refund due', colour: 'red' } } });
  const id = created.data?.label.id ?? '';
  const again = await call(lead, 'POST', '/labels', { title: 'REFUND DUE', colour: 'grey' });
  expect(again).toMatchObject({ status: 409, error: { code: 'CONFLICT', details: [{ field: 'title' }] } });

  const changed = await call(lead, 'PATCH', `/labels/${id}`, { title: 'refund Due', colour: 'green' });
  expect(changed).toMatchObject({ status: 200, data: { label: { id, title: 'refund Due', colour: 'green' } } });
  const listed = await call<{ items: LabelDto[] }>(stranger, 'GET', '/labels');
  expect(listed.data?.items.map(({ title }) => title)).toContain('refund Due');
  expect(await call(lead, 'GET', `/labels/${id}`)).toMatchObject({ data: { label: { id }, conversations: 0 } });
  expect((await call(lead, 'DELETE', `/labels/${id}`)).status).toBe(200);
  for (const method of ['GET', 'PATCH', 'DELETE'])
    expect((await call(lead, method, `/labels/${id}`, method === 'PATCH' ? {} : undefined)).status).toBe(404);

  const audit = await AuditEventModel.find({ subject: `label:${id}` })
    .sort({ _id: 1 })
    .lean();
  expect(audit.map(({ type, actor }) => [type, actor])).toEqual(
    ['label.created', 'label.changed', 'label.deleted'].map((type) => [type, `user:${lead.actor.userId}`]),
  );
  expect(audit[1]?.data).toEqual({
    from: { title: 'Refund due', colour: 'red' },
    to: { title: 'refund Due', colour: 'green' },
  });
});

it.each([
  ['POST', '/labels', { title: '\u200b', colour: 'red' }],
  ['POST', '/labels', { title: 'x'.repeat(LABEL_LIMITS.title + 1), colour: 'red' }],
  ['POST', '/labels', { title: 'Fine', colour: '#ff0000' }],
  ['POST', '/labels', { title: 'Fine', colour: 'red', owner: 'me' }],
  ['PATCH', `/labels/${NO_ID}`, { description: 'x'.repeat(LABEL_LIMITS.description + 1) }],
  ['PATCH', '/labels/x', {}],
  ['GET', '/labels/x', undefined],
  ['DELETE', '/labels/x', undefined],
  ['GET', '/conversations?label=x', undefined],
  ['POST', `/conversations/${NO_ID}/labels`, { add: ['x'] }],
  ['POST', `/conversations/${NO_ID}/labels`, { add: Array.from({ length: 21 }, () => NO_ID) }],
])('refuse what makes no sense: %s %s', async (method, path, body) => {
  expect(await call(lead, method, path, body)).toMatchObject({ status: 400, error: { code: 'VALIDATION_ERROR' } });
});

it('are no agent’s to change, and on conversations only for those who see them', async () => {
  const id = await made('Guarded');
  for (const [method, path, body] of [
    ['POST', '/labels', { title: 'Mine', colour: 'red' }],
    ['PATCH', `/labels/${id}`, { title: 'Mine' }],
    ['DELETE', `/labels/${id}`, undefined],
    ['GET', `/labels/${id}`, undefined],
  ] as const)
    expect((await call(anna, method, path, body)).status).toBe(403);
  expect((await fetch(`${world.url}/api/labels`)).status).toBe(401);
  const visitor = await world.visitor(shop.key);
  const { conversation } = await world.write(visitor, 'Hello');
  const path = `/conversations/${String(conversation._id)}/labels`;
  expect((await call(stranger, 'POST', path, { add: [id] })).status).toBe(403);
  expect((await call({ ...anna, accessToken: visitor.token }, 'POST', path, { add: [id] })).status).toBe(401);
  expect((await call(anna, 'POST', `/conversations/${NO_ID}/labels`, { add: [id] })).status).toBe(404);
  const peer = await world.staffPeer(stranger);
  const input = { conversationId: String(conversation._id), add: [id] };
  expect(await peer.refusal('change_labels', input)).toBe('FORBIDDEN');
  expect(await peer.refusal('change_labels', { ...input, add: 'all' })).toBe('VALIDATION_ERROR');
  expect(await labelsOf(conversation._id)).toEqual([]);
  expect(await AuditEventModel.countDocuments({ 'data.ability': 'conversation.label' })).toBeGreaterThan(0);
});

it('are put on and taken off in one act, said in the thread, kept as an event, and the same again is nothing', async () => {
  const [billing, vip] = [await made('Billing'), await made('VIP')];
  const { _id } = await asked();
  const path = `/conversations/${String(_id)}/labels`;
  expect(await call(anna, 'POST', path, { add: [billing, vip] })).toMatchObject({
    status: 200,
    data: { conversation: { labels: [billing, vip] } },
  });
  await call(anna, 'POST', path, { add: [vip], remove: [billing] });
  const peer = await world.staffPeer(anna);
  const before = await ConversationModel.findById(_id).lean();
  await peer.data('change_labels', { conversationId: String(_id), add: [vip], remove: [billing] });
  expect((await ConversationModel.findById(_id).lean())?.version).toBe(before?.version);

  const events = await StoredEventModel.find({ conversation: _id, type: 'conversation.labelsChanged' }).lean();
  expect(events.map(({ data }) => data as unknown)).toEqual([
    { from: [], to: [billing, vip] },
    { from: [billing, vip], to: [vip] },
  ]);
  const lines = await MessageModel.find({ conversation: _id, kind: 'activity' }).sort({ seq: 1 }).lean();
  expect(lines.map(({ activity }) => activity)).toEqual([
    { type: 'labels.added', data: { by: 'Anna Ahrens', added: 'Billing\nVIP', removed: '' } },
    { type: 'labels.removed', data: { by: 'Anna Ahrens', added: '', removed: 'Billing' } },
  ]);
  expect(await call(anna, 'POST', path, { add: [NO_ID] })).toMatchObject({
    status: 400,
    error: { details: [{ field: 'add', message: 'names no label' }] },
  });
});

it('of two agents at once all stay; a conversation carries never more than allowed', async () => {
  const { _id } = await asked();
  const conversationId = String(_id);
  const ids = await Promise.all(Array.from({ length: 4 }, (_, n) => made(`At once ${n}`)));
  const put = (by: Member, id: string) =>
    labelConversation(world.hub.hub, by.actor, { conversationId, add: [id], remove: [] });
  await Promise.all(ids.map((id, n) => put(n % 2 === 0 ? anna : lead, id)));
  expect((await labelsOf(_id)).sort()).toEqual([...ids].sort());

  const filler = Array.from({ length: LABEL_LIMITS.ofConversation - 4 }, (_, n) => ({
    title: `Filler ${n}`,
    key: `filler ${n}`,
    colour: 'grey' as const,
    createdAt: new Date(),
  }));
  const more = (await LabelModel.insertMany(filler)).map((label) => String(label._id));
  await labelConversation(world.hub.hub, anna.actor, { conversationId, add: more, remove: [] });
  const path = `/conversations/${conversationId}/labels`;
  const [first = ''] = ids;
  const over = await made('One too many');
  expect((await call(anna, 'POST', path, { add: [over] })).status).toBe(400);
  expect((await call(anna, 'POST', path, { add: [over], remove: [first] })).status).toBe(200);
  await LabelModel.deleteMany({ key: /^filler/ });
});

it('narrow a list with its pages and its catch-up, by an index, and never widen it', async () => {
  const id = await made('Narrow');
  const conversations = [await asked(), await asked(), await asked()];
  for (const { _id } of conversations)
    await labelConversation(world.hub.hub, anna.actor, { conversationId: String(_id), add: [id], remove: [] });
  await asked();
  const path = `/conversations?view=unassigned&inboxId=${shop.id}&label=${id}&limit=2`;
  const first = (await call<ListPage>(anna, 'GET', path)).data;
  const second = (await call<ListPage>(anna, 'GET', `${path}&cursor=${first?.cursor ?? ''}`)).data;
  const found = [...(first?.items ?? []), ...(second?.items ?? [])].map((row) => row.id);
  expect(found).toEqual(conversations.map(({ _id }) => String(_id)).reverse());
  expect(second?.cursor).toBeNull();
  expect((await call(stranger, 'GET', path)).status).toBe(403);

  for (const view of [
    { kind: 'unassigned', inboxId: shop.id, label: id },
    { kind: 'mine', label: id },
    { kind: 'inbox', inboxId: shop.id, label: id },
  ] as const) {
    const filter = filterOfView(lead.actor, view);
    const plan = JSON.stringify(
      await ConversationModel.find(filter).sort(VIEW_ORDER).limit(21).explain('queryPlanner'),
    );
    expect(plan).toContain('labels_1_');
    expect(plan).not.toMatch(/"COLLSCAN"|"SORT"/);
  }
  const count = JSON.stringify(await ConversationModel.find({ labels: id }).explain('queryPlanner'));
  expect(count).not.toContain('COLLSCAN');
});

it('show at once to others, in lists and threads, and after a reconnect', async () => {
  const id = await made('Live');
  const { _id } = await asked();
  const threadId = String(_id);
  const view = { kind: 'unassigned', inboxId: shop.id, done: false } as const;
  const [open, narrowed] = [new StaffClient(world, lead, world.url), new StaffClient(world, lead, world.url)];
  await open.show(view, threadId);
  await narrowed.show({ ...view, label: id }, null);
  const put = (add: string[], remove: string[]) =>
    labelConversation(world.hub.hub, anna.actor, { conversationId: threadId, add, remove });
  const shown = () => open.live.cache.thread(threadId)?.conversation.labels ?? [];

  await put([id], []);
  await until(() => shown().includes(id) && open.rows.find((row) => row.id === threadId)?.labels.includes(id) === true);
  await until(() => narrowed.rows.some((row) => row.id === threadId));
  expect(open.messages(threadId).at(-1)?.activity?.type).toBe('labels.added');

  narrowed.live.stop();
  open.live.stop();
  await put([], [id]);
  narrowed.live.start();
  open.live.start();
  await until(() => shown().length === 0);
  await until(() => narrowed.rows.every((row) => row.id !== threadId));
});

it('of a new name are told to everybody of the team', async () => {
  const id = await made('Old name');
  const peer = await world.staffPeer(stranger);
  await call(lead, 'PATCH', `/labels/${id}`, { title: 'New name' });
  expect(await peer.heard('list_changed')).toEqual({ name: 'labels' });
});

it('leave conversations when they are deleted, a few at a time, also what an act under way had put on', async () => {
  const id = await made('Doomed');
  const { hub } = world.hub;
  const conversations = await Promise.all(Array.from({ length: 25 }, asked));
  const ids = conversations.map(({ _id }) => _id);
  await ConversationModel.updateMany({ _id: { $in: ids } }, { $set: { labels: [id] } });
  const carrying = () => ConversationModel.countDocuments({ labels: id });
  expect(await call(lead, 'GET', `/labels/${id}`)).toMatchObject({ data: { conversations: 25 } });

  await deleteLabel(hub, lead.actor, id);
  const due = await TimerModel.findById(`label:${id}`).lean();
  expect(due?.dueAt?.getTime()).toBeGreaterThan(hub.now() + 2 * COMMAND_DEADLINE);
  await act(hub, SYSTEM, (unit) => takeLabelOff(unit, id));
  expect(await carrying()).toBe(5);
  const [one] = ids;
  // Who has it on screen may still take it off, whatever letters their client writes ids with.
  const path = `/conversations/${String(one)}/labels`;
  expect((await call(anna, 'POST', path, { add: [], remove: [id.toUpperCase()] })).status).toBe(200);
  expect((await ConversationModel.findById(one).lean())?.labels).toEqual([]);
  const { now } = hub;
  hub.now = () => now() + 10_000;
  await runTimer(hub, world.hub.work.timers, `label:${id}`);
  hub.now = now;
  expect(await carrying()).toBe(0);
  expect(await TimerModel.exists({ _id: `label:${id}` })).toBeNull();
});

it('are never more than allowed', async () => {
  const room = LABEL_LIMITS.ofCompany - (await LabelModel.countDocuments());
  const filler = Array.from({ length: room }, (_, n) => ({
    title: `Many ${n}`,
    key: `many ${n}`,
    colour: 'grey' as const,
    createdAt: new Date(),
  }));
  await LabelModel.insertMany(filler);
  const body = { title: 'One more', colour: 'red' };
  expect(await call(lead, 'POST', '/labels', body)).toMatchObject({ status: 409, error: { code: 'CONFLICT' } });
  await LabelModel.deleteMany({ key: /^many/ });
  expect((await call(lead, 'POST', '/labels', body)).status).toBe(201);
});
