import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { act } from '../../../src/commands/act.js';
import { assignConversation } from '../../../src/commands/conversations/assign-conversation.js';
import { changeStatus } from '../../../src/commands/conversations/change-status.js';
import { tally } from '../../../src/commands/conversations/tally.js';
import { checkUp } from '../../../src/commands/upkeep/check-up.js';
import { reconcileLoad, reconcileTallies } from '../../../src/commands/upkeep/reconcile.js';
import { verify, type Difference } from '../../../src/commands/upkeep/verify.js';
import {
  AgentWorkModel,
  ConversationModel,
  OutboxRowModel,
  TalliedModel,
  TallyModel,
} from '../../../src/models/index.js';
import { SYSTEM, type StaffActor } from '../../../src/policies/index.js';
import { countViews } from '../../../src/reads/views.js';
import { drainFold } from '../../../workers/drain-fold.js';
import { CoreHub } from './core-hub.js';

let core: CoreHub;
let ada: StaffActor;
let lead: StaffActor;

beforeAll(async () => {
  core = await CoreHub.start();
  ada = await core.member('agent', 'Ada');
  lead = await core.member('admin', 'Lea');
});
afterAll(() => core.stop());
beforeEach(drain);

async function drain(): Promise<void> {
  const consumer = core.work.consumers.find(({ name }) => name === 'tallies');
  if (consumer?.work.kind !== 'fold') throw new Error('tallies are not folded');
  await drainFold(core.hub, consumer, consumer.work.fold);
}

async function differences(): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const difference of verify()) found.push(difference);
  return found;
}

const waiting = async (actor: StaffActor = lead): Promise<number> =>
  (await countViews(actor)).unassigned[String(core.inbox._id)] ?? 0;

describe('what badges count', () => {
  it('follows a conversation wherever it goes', async () => {
    const [unassigned, mine] = [await waiting(), (await countViews(ada)).mine];
    const id = await core.question();
    await drain();
    expect(await waiting()).toBe(unassigned + 1);
    await assignConversation(core.hub, lead, { conversationId: id, assigneeId: ada.userId });
    await drain();
    expect([await waiting(), (await countViews(ada)).mine]).toEqual([unassigned, mine + 1]);
    await changeStatus(core.hub, lead, { conversationId: id, status: 'resolved' });
    await drain();
    expect((await countViews(ada)).mine).toBe(mine);
    expect(await differences()).toEqual([]);
  });

  it('is the same however often it is looked at, and whatever was lost between', async () => {
    const ids = [await core.question(), await core.question(), await core.question()];
    await drain();
    const before = await waiting();
    for (let times = 0; times < 3; times += 1) await act(core.hub, SYSTEM, (unit) => tally(unit, ids));
    expect(await waiting()).toBe(before);
    await assignConversation(core.hub, lead, { conversationId: ids[0] ?? '', assigneeId: ada.userId });
    await OutboxRowModel.deleteMany({ consumer: 'tallies' });
    expect(await waiting()).toBe(before);
    await act(core.hub, SYSTEM, (unit) => tally(unit, ids));
    expect(await waiting()).toBe(before - 1);
    expect(await differences()).toEqual([]);
  });

  it('waits for the drainer, and is not written by commands', async () => {
    const before = await waiting();
    await core.question();
    expect(await waiting()).toBe(before);
    expect(await OutboxRowModel.countDocuments({ consumer: 'tallies' })).toBe(1);
    await drain();
    expect(await OutboxRowModel.countDocuments({ consumer: 'tallies' })).toBe(0);
  });
});

describe('what is kept beside the truth', () => {
  it('is named where it differs, and mended', async () => {
    const id = await core.question();
    await assignConversation(core.hub, lead, { conversationId: id, assigneeId: ada.userId });
    await drain();
    expect(await differences()).toEqual([]);

    await TallyModel.updateOne({ holder: ada.userId, status: 'assigned' }, { $inc: { count: 5 } });
    await AgentWorkModel.updateOne({ _id: ada.userId }, { $inc: { load: -1 } });
    await ConversationModel.updateOne({ _id: id }, { $set: { active: false, contactMessageCount: 7 } });
    const found = (await differences()).map(({ what, kept }) => `${what}: ${String(kept)}`).sort();
    expect(found).toEqual(
      expect.arrayContaining(['active: false', 'messages of the contact: 7', expect.stringMatching(/^load: \d+$/)]),
    );
    expect(found.filter((line) => line.startsWith('count:'))).toHaveLength(1);
    await ConversationModel.updateOne({ _id: id }, { $set: { active: true, contactMessageCount: 1 } });

    const { signal } = new AbortController();
    await TallyModel.deleteMany({});
    await TalliedModel.deleteMany({});
    await reconcileTallies(core.hub, signal);
    await reconcileLoad(core.hub, signal);
    expect(await differences()).toEqual([]);
  });
});

describe('who runs the hub', () => {
  const load = () => AgentWorkModel.updateOne({ _id: ada.userId }, { $set: { load: 77 } }, { upsert: true });
  const told = new RegExp(`^user ${'[0-9a-f]{24}'}: load is 77, and should be \\d+\\.$`, 'm');

  /** @param settle what happens between the two looks. */
  async function check(mend: boolean, settle: () => Promise<unknown> = () => Promise.resolve()) {
    const lines: string[] = [];
    const { signal: stopping } = new AbortController();
    const isFine = await checkUp(core.hub, { mend, say: (line) => void lines.push(line), settle, stopping });
    return { isFine, lines };
  }

  it('is told in words what differs, and has it mended', async () => {
    await load();
    expect(await check(false)).toMatchObject({
      isFine: false,
      lines: [expect.any(String), expect.stringMatching(told)],
    });
    expect(await check(true)).toMatchObject({ isFine: true });
    expect(await check(false)).toEqual({ isFine: true, lines: ['Everything that is kept is as it should be.'] });
  });

  it('is not told of work that was under way', async () => {
    await core.question();
    expect(await check(false, drain)).toMatchObject({ isFine: true });
  });

  it('is told no more than can be read', async () => {
    await Promise.all(Array.from({ length: 60 }, () => core.question()));
    const { lines } = await check(false);
    expect(lines).toHaveLength(52);
    expect(lines.at(-1)).toMatch(/^… and \d+ more\.$/);
  });

  it('has a command for it, which ends with 1 as long as something differs', async () => {
    await load();
    const run = async (...args: string[]) => {
      const { MONGODB_URI, REDIS_URL, JWT_SECRET, ENCRYPTION_KEY, PUBLIC_URL, DATA_DIR } = core.hub.env;
      const settings = { MONGODB_URI, REDIS_URL, JWT_SECRET, ENCRYPTION_KEY, PUBLIC_URL, DATA_DIR };
      const program = ['--import', 'tsx', 'scripts/verify.ts', '--again-after', '0', ...args];
      const env = { PATH: process.env['PATH'], NODE_ENV: 'test', ...settings };
      const child = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      return { output, code: code as number };
    };
    expect(await run()).toMatchObject({ code: 1, output: expect.stringMatching(told) });
    expect(await run('--mend')).toMatchObject({ code: 0 });
    expect((await AgentWorkModel.findById(ada.userId).lean())?.load).not.toBe(77);
  }, 60_000);
});
