import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ChannelError } from '../../../channels/errors.js';
import type { ChannelAdapter } from '../../../channels/types.js';
import type { Hub } from '../../../src/commands/hub.js';
import { drainInboundLane } from '../../../src/commands/inbound/drain-inbound-lane.js';
import { laneOf } from '../../../src/commands/inbound/store-webhook-items.js';
import { drainOutboundLane } from '../../../src/commands/outbound/drain-outbound-lane.js';
import { sendMessage } from '../../../src/commands/send-message.js';
import { ConversationModel, InboxModel, MessageModel } from '../../../src/models/index.js';
import { sweepOnce } from '../../../workers/sweep.js';
import { forgetEverything, PAGES, post, startMessengerHub } from '../../support/messenger-hub.js';
import type { TestHub } from '../../support/start-hub.js';

const PAGE = PAGES[0];
const MINUTE = 60_000;

let running: TestHub;
/** How much later than now it is for the hub under test. Milliseconds. */
let later: number;
/** What the platform makes of a send; set by each test. */
let send: NonNullable<ChannelAdapter['send']>;
let find: NonNullable<ChannelAdapter['find']>;
let hub: Hub;

beforeAll(async () => {
  // Nobody works the lanes but the tests.
  running = await startMessengerHub({ ROLE: 'api' });
  const adapter = running.hub.channels.get('messenger');
  if (adapter === undefined) throw new Error('there is no such channel');
  const channels = new Map(running.hub.channels).set('messenger', {
    ...adapter,
    send: (part, context) => send(part, context),
    find: (part, since, known, context) => find(part, since, known, context),
  });
  hub = { ...running.hub, channels, now: () => Date.now() + later };
});
afterAll(() => running.stop());
beforeEach(async () => {
  later = 0;
  await forgetEverything();
});

async function deliver(person: string, event: object, side: 'person' | 'page' = 'person'): Promise<void> {
  const [sender, recipient] = side === 'person' ? [person, PAGE] : [PAGE, person];
  const sides = { sender: { id: sender }, recipient: { id: recipient } };
  const messaging = [{ ...sides, timestamp: Date.now(), ...event }];
  expect(await post(running.url, JSON.stringify({ object: 'page', entry: [{ id: PAGE, time: 1, messaging }] }))).toBe(
    200,
  );
  await drainInboundLane(hub, laneOf('messenger', { accountId: PAGE, contactId: person }));
}

/** A person asks. @returns the conversation. */
async function question(person: string): Promise<string> {
  await deliver(person, { message: { mid: `m_${randomUUID()}`, text: 'Hello?' } });
  const conversation = await ConversationModel.findOne().sort({ _id: -1 }).lean();
  return String(conversation?._id);
}

const answer = async (conversationId: string, text: string): Promise<string> => {
  const { message } = await sendMessage(hub, {
    ...{ conversationId, text, clientMessageId: randomUUID(), user: { id: 'a'.repeat(24), name: 'Mara' } },
    ...{ attachmentIds: [], note: false, replyToMessageId: null, quickReplies: [], lastSeenRev: null, force: false },
    authorize: () => undefined,
  });
  return String(message._id);
};

const partOf = async (messageId: string) => (await MessageModel.findById(messageId).lean())?.parts[0];

describe('a message that the platform puts off', () => {
  it('leaves in the end, however often it was put off', async () => {
    const conversationId = await question('7101');
    const messageId = await answer(conversationId, 'patience');
    send = () => Promise.reject(new ChannelError('throttled', 'Not so fast.', { retryAfterMs: MINUTE }));
    for (let times = 0; times < 10; times += 1) {
      await drainOutboundLane(hub, conversationId);
      later += 2 * MINUTE;
    }
    send = () => Promise.resolve({ externalId: 'm_at_last' });
    await drainOutboundLane(hub, conversationId);
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_at_last' });
  });

  it('counts as unconfirmed after six calls of which nobody knows the outcome', async () => {
    const conversationId = await question('7102');
    const messageId = await answer(conversationId, 'unknown');
    const calls = jest.fn(() => Promise.reject(new ChannelError('unknown_outcome', 'No answer.')));
    send = calls;
    find = () => Promise.resolve('absent');
    for (let times = 0; times < 10; times += 1) {
      await drainOutboundLane(hub, conversationId);
      later += MINUTE;
    }
    expect(calls).toHaveBeenCalledTimes(6);
    expect(await partOf(messageId)).toMatchObject({ state: 'unconfirmed' });
  });
});

describe('what waits because its inbox is held', () => {
  it('does not hide other overdue sends from the sweep', async () => {
    const held = await question('7103');
    await answer(held, 'held');
    const template = await MessageModel.findOne({ nextAttemptAt: { $exists: true } }).lean();
    if (template === null) throw new Error('nothing is owed');
    const { _id: _, clientMessageId: __, ...content } = template;
    const before = new Date(Date.now() - MINUTE);
    const many = Array.from({ length: 600 }, (_row, n) => ({
      ...content,
      seq: content.seq + 1 + n,
      nextAttemptAt: before,
    }));
    await MessageModel.collection.insertMany(many as never[]);
    await InboxModel.updateOne({ accountId: PAGE }, { $set: { sendHold: { reason: 'policy', until: null } } });
    await drainOutboundLane(hub, held);

    const other = await question('7104');
    const hidden = await answer(other, 'hint was lost');
    await MessageModel.updateOne({ _id: hidden }, { $set: { nextAttemptAt: new Date(Date.now() - MINUTE / 2) } });
    const hinted: string[] = [];
    await sweepOnce({ ...hub, hints: { ...hub.hints, outbound: (id) => void hinted.push(id) } });
    expect(hinted).toContain(other);
  });
});

describe('a send of unknown outcome', () => {
  /** Sends into silence, and lets the platform's copy of it come without our mark after the time that copies are waited with. */
  async function sentIntoSilence(person: string, copy: object): Promise<{ conversationId: string; messageId: string }> {
    const conversationId = await question(person);
    const messageId = await answer(conversationId, 'only once');
    send = () => Promise.reject(new ChannelError('unknown_outcome', 'No answer.'));
    await drainOutboundLane(hub, conversationId);
    later += 2 * MINUTE;
    await deliver(person, { message: { mid: `m_copy_${person}`, is_echo: true, text: 'only once', ...copy } }, 'page');
    return { conversationId, messageId };
  }

  it('is found although its copy was taken for a message from elsewhere meanwhile', async () => {
    const { conversationId, messageId } = await sentIntoSilence('7105', {});
    expect(await MessageModel.countDocuments({ text: 'only once' })).toBe(2);
    const again = jest.fn(() => Promise.resolve({ externalId: 'm_again' }));
    send = again;
    find = async (_part, since, known) =>
      (await known('m_copy_7105')) ? 'absent' : { externalId: 'm_copy_7105', at: since };
    await drainOutboundLane(hub, conversationId);
    expect(again).not.toHaveBeenCalled();
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_copy_7105' });
    expect(await MessageModel.countDocuments({ text: 'only once' })).toBe(1);
  });

  it('is not taken for what another app wrote', async () => {
    const { conversationId, messageId } = await sentIntoSilence('7106', { app_id: 424242 });
    send = () => Promise.resolve({ externalId: 'm_7106_again' });
    find = async (_part, since, known) =>
      (await known('m_copy_7106')) ? 'absent' : { externalId: 'm_copy_7106', at: since };
    await drainOutboundLane(hub, conversationId);
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_7106_again' });
  });

  it('is found by a clock that is some seconds ahead of the platform', async () => {
    const { conversationId, messageId } = await sentIntoSilence('7107', { app_id: 424242 });
    const startedAt = (await partOf(messageId))?.startedAt?.getTime() ?? 0;
    const acceptedAt = startedAt - 5_000;
    find = (_part, since) => Promise.resolve(acceptedAt >= since ? { externalId: 'm_7107', at: acceptedAt } : 'absent');
    send = () => Promise.resolve({ externalId: 'm_7107_again' });
    await drainOutboundLane(hub, conversationId);
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_7107' });
  });
});
