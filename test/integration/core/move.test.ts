import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignConversation } from '../../../src/commands/conversations/assign-conversation.js';
import { changeStatus } from '../../../src/commands/conversations/change-status.js';
import { sendMessage } from '../../../src/commands/messages/send-message.js';
import { AgentWorkModel, MessageModel, StoredEventModel, TimerModel } from '../../../src/models/index.js';
import { SYSTEM, type StaffActor } from '../../../src/policies/index.js';
import { runTimer } from '../../../workers/run-timer.js';
import timersSweep from '../../../workers/sweeps/timers.sweep.js';
import { conversationNow, CoreHub } from './core-hub.js';

const DAY = 24 * 3_600_000;

let core: CoreHub;
let ada: StaffActor;
let ben: StaffActor;
let lead: StaffActor;

beforeAll(async () => {
  core = await CoreHub.start();
  ada = await core.member('agent', 'Ada');
  ben = await core.member('agent', 'Ben');
  lead = await core.member('admin', 'Lea');
});
afterAll(() => core.stop());

const loadOf = async ({ userId }: StaffActor): Promise<number> =>
  (await AgentWorkModel.findById(userId).lean())?.load ?? 0;
const assign = (conversationId: string, to: StaffActor | null) =>
  assignConversation(core.hub, lead, { conversationId, assigneeId: to?.userId ?? null });
const setStatus = (conversationId: string, status: 'pending' | 'resolved' | 'reopened' | 'in_progress' | 'closed') =>
  changeStatus(core.hub, lead, { conversationId, status });
const eventsOf = async (conversation: string): Promise<string[]> =>
  (await StoredEventModel.find({ conversation }).sort({ _id: 1 }).lean()).map(({ type }) => type);

describe('the load of whoever holds a conversation', () => {
  it('is charged when they get it and released when it goes on, is put off, or is done', async () => {
    const before = [await loadOf(ada), await loadOf(ben)];
    const loads = async () => [(await loadOf(ada)) - (before[0] ?? 0), (await loadOf(ben)) - (before[1] ?? 0)];
    const id = await core.question();
    await assign(id, ada);
    expect(await loads()).toEqual([2, 0]);
    await assign(id, ben);
    expect(await loads()).toEqual([0, 2]);
    await setStatus(id, 'pending');
    expect(await loads()).toEqual([0, 0]);
    await setStatus(id, 'in_progress');
    expect(await loads()).toEqual([0, 2]);
    await setStatus(id, 'resolved');
    expect(await loads()).toEqual([0, 0]);
    await setStatus(id, 'reopened');
    expect(await loads()).toEqual([0, 2]);
    await assign(id, null);
    expect(await loads()).toEqual([0, 0]);
  });

  it('is charged to whoever answers what nobody holds, with the fence and the speaker', async () => {
    const before = await loadOf(ada);
    const id = await core.question();
    await sendMessage(core.hub, ada, { conversationId: id, text: 'Here I am' });
    expect((await loadOf(ada)) - before).toBe(2);
    expect(await conversationNow(id)).toMatchObject({
      status: 'in_progress',
      speaker: `agent:${ada.userId}`,
      fence: 1,
      charged: { weight: 2 },
    });
  });
});

describe('a move', () => {
  it('is told in the thread, and kept with what it was before', async () => {
    const id = await core.question();
    await assign(id, ada);
    await setStatus(id, 'resolved');
    const lines = await MessageModel.find({ conversation: id, kind: 'activity' }).sort({ seq: 1 }).lean();
    expect(lines.map(({ activity }) => activity)).toMatchObject([
      { type: 'assigned', data: { by: 'Lea', to: 'Ada' } },
      { type: 'status', data: { by: 'Lea', from: 'assigned', to: 'resolved' } },
    ]);
    expect(await eventsOf(id)).toEqual([
      'conversation.created',
      'message.created',
      'conversation.statusChanged',
      'conversation.assigned',
      'conversation.statusChanged',
    ]);
    const [, , , , last] = await StoredEventModel.find({ conversation: id }).sort({ _id: 1 }).lean();
    expect(last).toMatchObject({ actor: `user:${lead.userId}`, data: { from: 'assigned', to: 'resolved' } });
  });

  it('takes revisions without gaps, in the order in which the thread shows it', async () => {
    const id = await core.question();
    await sendMessage(core.hub, ada, { conversationId: id, text: 'Here I am' });
    const messages = await MessageModel.find({ conversation: id }).sort({ seq: 1 }).lean();
    const { rev } = await conversationNow(id);
    expect(messages.map(({ kind }) => kind)).toEqual(['message', 'activity', 'message']);
    expect(messages.at(-1)?.seq).toBe(rev);
    expect(messages.map(({ orderAt }) => orderAt.getTime())).toEqual(
      messages.map(({ orderAt }) => orderAt.getTime()).toSorted((one, other) => one - other),
    );
  });

  it('that a customer makes by writing reopens what was resolved, with a line, and keeps its holder', async () => {
    const visitor = await core.visitor();
    const id = await core.write(visitor);
    await assign(id, ada);
    await setStatus(id, 'resolved');
    expect(await core.write(visitor, 'One more thing')).toBe(id);
    expect(await conversationNow(id)).toMatchObject({ status: 'reopened', active: true });
    expect(String((await conversationNow(id)).assignee)).toBe(ada.userId);
    const last = await MessageModel.findOne({ conversation: id }).sort({ seq: -1 }).lean();
    expect(last?.activity).toMatchObject({ type: 'status', data: { from: 'resolved', to: 'reopened' } });
  });
});

describe('what is resolved', () => {
  const timer = (id: string) => TimerModel.findById(`close:${id}`).lean();
  const run = (id: string) => runTimer(core.hub, core.work.timers, `close:${id}`);

  it('is closed by itself after a week, once', async () => {
    const id = await core.question();
    await setStatus(id, 'resolved');
    core.later(7 * DAY - 1);
    await run(id);
    expect(await conversationNow(id)).toMatchObject({ status: 'resolved' });
    core.later(1);
    await Promise.all([run(id), run(id)]);
    await run(id);
    expect(await conversationNow(id)).toMatchObject({ status: 'closed', current: false });
    expect(await timer(id)).toBeNull();
    expect((await eventsOf(id)).filter((type) => type === 'conversation.statusChanged')).toHaveLength(2);
  });

  it('is left alone when it was taken up again, and gets its whole time anew', async () => {
    const id = await core.question();
    await setStatus(id, 'resolved');
    core.later(3 * DAY);
    await setStatus(id, 'reopened');
    expect(await timer(id)).toBeNull();
    await setStatus(id, 'resolved');
    core.later(5 * DAY);
    await run(id);
    expect(await conversationNow(id)).toMatchObject({ status: 'resolved' });
    core.later(2 * DAY);
    await run(id);
    expect(await conversationNow(id)).toMatchObject({ status: 'closed' });
  });

  it('is found by the sweep when nobody told of its time, and hinted at once', async () => {
    await TimerModel.deleteMany({});
    const id = await core.question();
    await setStatus(id, 'resolved');
    const hinted: [string, number][] = [];
    const hub = {
      ...core.hub,
      hints: { ...core.hub.hints, timer: (key: string, ms: number) => void hinted.push([key, ms]) },
    };
    const sweep = () => timersSweep.perform(hub, new AbortController().signal);
    core.later(7 * DAY - 8_000);
    await sweep();
    await sweep();
    expect(hinted).toEqual([[`close:${id}`, 8_000]]);
    core.later(8_000 + 5_000);
    await sweep();
    expect(hinted).toHaveLength(2);
  });

  it('keeps a timer that cannot be done for a person to see', async () => {
    await TimerModel.create({ _id: 'nonsense:1', kind: 'nonsense', subject: '1', dueAt: new Date(core.hub.now()) });
    for (let times = 0; times < 6; times += 1) {
      await runTimer(core.hub, core.work.timers, 'nonsense:1');
      core.later(10 * 60_000);
    }
    const row = await TimerModel.findById('nonsense:1').lean();
    expect(row).toMatchObject({ tries: 6, error: 'nothing is known of timers called "nonsense"' });
    expect(row?.dueAt).toBeUndefined();
  });
});

it('nobody but the one who may moves anything, and what is refused leaves nothing', async () => {
  const id = await core.question();
  await assign(id, ben);
  const before = await conversationNow(id);
  await expect(changeStatus(core.hub, ada, { conversationId: id, status: 'resolved' })).rejects.toMatchObject({
    status: 403,
  });
  await expect(changeStatus(core.hub, lead, { conversationId: id, status: 'open' })).rejects.toMatchObject({
    code: 'INVALID_TRANSITION',
  });
  await expect(changeStatus(core.hub, SYSTEM, { conversationId: id, status: 'reopened' })).rejects.toMatchObject({
    code: 'INVALID_TRANSITION',
  });
  expect(await conversationNow(id)).toEqual(before);
});
