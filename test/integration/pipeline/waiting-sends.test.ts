import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ChannelError } from '../../../channels/errors.js';
import type { ChannelAdapter } from '../../../channels/types.js';
import type { Hub } from '../../../src/hub.js';
import { drainInboundLane } from '../../../src/commands/inbound/drain-inbound-lane.js';
import { laneOf } from '../../../src/commands/inbound/store-webhook-items.js';
import { drainOutboundLane } from '../../../src/commands/outbound/drain-outbound-lane.js';
import { sendMessage } from '../../../src/commands/messages/send-message.js';
import { storeUpload } from '../../../src/commands/files/store-upload.js';
import { ContactIdentityModel, ConversationModel, InboxModel, MessageModel } from '../../../src/models/index.js';
import outboundSweep from '../../../workers/sweeps/outbound.sweep.js';
import { staffActor } from '../../support/actors.js';
import { forgetEverything, PAGES, post, startMessengerHub } from '../../support/messenger-hub.js';
import { Platform } from '../../support/platform.js';
import { APP, type TestHub } from '../../support/start-hub.js';

const PAGE = PAGES[0];
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const AGENT = 'a'.repeat(24);

let running: TestHub;
/** When the test began, and how much later it is by now for the hub: its clock moves by hand. Milliseconds. */
let began = Date.now();
let later = 0;
/** What the platform makes of a send; set by each test. */
let send: NonNullable<ChannelAdapter['send']>;
let find: NonNullable<ChannelAdapter['find']>;
let upload: NonNullable<ChannelAdapter['upload']>;
/** The adapter's own look-up. */
let findInThread: NonNullable<ChannelAdapter['find']>;
/** Inbound lanes that were hinted at. */
const hinted: string[] = [];
let hub: Hub;

beforeAll(async () => {
  // Nobody works the lanes but the tests.
  running = await startMessengerHub({ ROLE: 'api' });
  const adapter = running.hub.channels.get('messenger');
  if (adapter?.find === undefined) throw new Error('there is no such channel');
  findInThread = adapter.find;
  const channels = new Map(running.hub.channels).set('messenger', {
    ...adapter,
    send: (part, context) => send(part, context),
    find: (part, since, known, context) => find(part, since, known, context),
    upload: (attachment, context) => upload(attachment, context),
  });
  const hints = { ...running.hub.hints, inbound: (lane: string) => void hinted.push(lane) };
  // The hub itself, so that what it stores and what works on that have one clock.
  hub = Object.assign(running.hub, { channels, hints, now: () => began + later });
});
afterAll(() => running.stop());
beforeEach(async () => {
  began = Date.now();
  later = 0;
  hinted.length = 0;
  await forgetEverything();
});

async function deliver(
  person: string,
  event: object | object[],
  side: 'person' | 'page' = 'person',
  page: string = PAGE,
): Promise<void> {
  const [sender, recipient] = side === 'person' ? [person, page] : [page, person];
  const sides = { sender: { id: sender }, recipient: { id: recipient } };
  const messaging = [event].flat().map((each) => ({ ...sides, timestamp: hub.now(), ...each }));
  expect(await post(running.url, JSON.stringify({ object: 'page', entry: [{ id: page, time: 1, messaging }] }))).toBe(
    200,
  );
  await drainInboundLane(hub, laneOf('messenger', { accountId: page, contactId: person }));
  // What the ingress hints at is none of the tests' concern.
  hinted.length = 0;
}

/** A person asks. @returns the conversation. */
async function question(person: string): Promise<string> {
  await deliver(person, { message: { mid: `m_${randomUUID()}`, text: 'Hello?' } });
  const conversation = await ConversationModel.findOne().sort({ _id: -1 }).lean();
  return String(conversation?._id);
}

const answer = async (conversationId: string, text: string | null, attachmentIds: string[] = []): Promise<string> => {
  const { message } = await sendMessage(hub, staffActor({ userId: AGENT }), {
    ...{ conversationId, text: text ?? undefined, clientMessageId: randomUUID(), attachmentIds },
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

  it('has lost no tries by that when a call fails for another reason', async () => {
    const conversationId = await question('7108');
    const messageId = await answer(conversationId, 'patience');
    const faults = [...Array<'throttled'>(6).fill('throttled'), 'retry' as const];
    for (const fault of faults) {
      send = () => Promise.reject(new ChannelError(fault, 'Not now.', { retryAfterMs: MINUTE }));
      await drainOutboundLane(hub, conversationId);
      later += 2 * MINUTE;
    }
    send = () => Promise.resolve({ externalId: 'm_at_last' });
    await drainOutboundLane(hub, conversationId);
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_at_last', tries: 1 });
  });

  it('waits no longer because calls failed for another reason before', async () => {
    const conversationId = await question('7109');
    const messageId = await answer(conversationId, 'patience');
    for (const fault of ['retry', 'retry', 'retry', 'retry', 'throttled'] as const) {
      send = () => Promise.reject(new ChannelError(fault, 'Not now.'));
      await drainOutboundLane(hub, conversationId);
      if (fault === 'retry') later += 5 * MINUTE;
    }
    const owed = await MessageModel.findById(messageId).lean();
    expect(owed?.parts[0]?.state).toBe('queued');
    expect(owed?.nextAttemptAt?.getTime()).toBeLessThan(hub.now() + 1.3 * MINUTE + 1);
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
    const hints = { ...hub.hints, outbound: (id: string) => void hinted.push(id) };
    await outboundSweep.perform({ ...hub, hints }, new AbortController().signal);
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
    await deliver(person, { message: { mid: `m_copy_${person}`, is_echo: true, text: 'only once', ...copy } }, 'page');
    later += 2 * MINUTE;
    await drainInboundLane(hub, laneOf('messenger', { accountId: PAGE, contactId: person }));
    return { conversationId, messageId };
  }

  it('is found although its copy was taken for a message from elsewhere meanwhile', async () => {
    const { conversationId, messageId } = await sentIntoSilence('7105', {});
    expect(await MessageModel.countDocuments({ text: 'only once' })).toBe(2);
    const again = jest.fn(() => Promise.resolve({ externalId: 'm_again' }));
    send = again;
    find = async (_part, since, known) =>
      (await known(['m_copy_7105'])).size > 0 ? 'absent' : { externalId: 'm_copy_7105', at: since };
    await drainOutboundLane(hub, conversationId);
    expect(again).not.toHaveBeenCalled();
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_copy_7105' });
    expect(await MessageModel.countDocuments({ text: 'only once' })).toBe(1);
  });

  it('is not taken for what another app wrote', async () => {
    const { conversationId, messageId } = await sentIntoSilence('7106', { app_id: 424242 });
    send = () => Promise.resolve({ externalId: 'm_7106_again' });
    find = async (_part, since, known) =>
      (await known(['m_copy_7106'])).size > 0 ? 'absent' : { externalId: 'm_copy_7106', at: since };
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

describe('a send that is worked twice', () => {
  const read = (messageId: string) => MessageModel.findById(messageId).lean().exec();

  it('is made once, also by an owner who found it due before another had the lane', async () => {
    const conversationId = await question('7170');
    const messageId = await answer(conversationId, 'only once');
    const found = await read(messageId);
    const calls = jest.fn(() => Promise.resolve({ externalId: 'm_7170' }));
    send = calls;
    await drainOutboundLane(hub, conversationId);
    const stale = { sort: () => ({ lean: () => ({ exec: () => Promise.resolve(found) }) }) };
    const look = jest.spyOn(MessageModel, 'findOne').mockReturnValueOnce(stale as never);
    await drainOutboundLane(hub, conversationId);
    look.mockRestore();
    expect(calls).toHaveBeenCalledTimes(1);
    expect(await read(messageId)).toMatchObject({ sentTwice: false, externalIds: ['m_7170'] });
  });

  it('is looked up when the answer of the platform could not be kept', async () => {
    const conversationId = await question('7171');
    const messageId = await answer(conversationId, 'only once');
    const calls = jest.fn(() => {
      jest.spyOn(MessageModel, 'findById').mockImplementationOnce(() => {
        throw new Error('the store is away');
      });
      return Promise.resolve({ externalId: 'm_7171' });
    });
    send = calls;
    await drainOutboundLane(hub, conversationId);
    jest.restoreAllMocks();
    expect(await partOf(messageId)).toMatchObject({ state: 'sending', externalId: null });
    find = (_part, since) => Promise.resolve({ externalId: 'm_7171', at: since });
    later = 2 * SECOND;
    await drainOutboundLane(hub, conversationId);
    expect(calls).toHaveBeenCalledTimes(1);
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_7171' });
  });
});

describe('the look-ups of a send of unknown outcome', () => {
  /** Sends into silence. @returns how long after its start the next look is due, in seconds. */
  async function silence(person: string): Promise<{ conversationId: string; messageId: string; calls: jest.Mock }> {
    const conversationId = await question(person);
    const messageId = await answer(conversationId, 'only once');
    const calls = jest.fn(() => Promise.reject(new ChannelError('unknown_outcome', 'No answer.')));
    send = calls;
    await drainOutboundLane(hub, conversationId);
    return { conversationId, messageId, calls };
  }

  const nextLook = async (messageId: string): Promise<number> => {
    const message = await MessageModel.findById(messageId).lean();
    return ((message?.nextAttemptAt?.getTime() ?? 0) - (message?.parts[0]?.startedAt?.getTime() ?? 0)) / SECOND;
  };

  it('come after 2, 8 and 30 seconds, and only then "not there" counts', async () => {
    const { conversationId, messageId, calls } = await silence('7110');
    const looks = jest.fn(() => Promise.resolve('absent' as const));
    find = looks;
    for (const [index, seconds] of [2, 8, 30].entries()) {
      expect(await nextLook(messageId)).toBe(seconds);
      await drainOutboundLane(hub, conversationId);
      expect(looks).toHaveBeenCalledTimes(index);
      expect(await partOf(messageId)).toMatchObject({ state: 'sending', attempts: 1 });
      later = seconds * SECOND;
      await drainOutboundLane(hub, conversationId);
      expect(looks).toHaveBeenCalledTimes(index + 1);
    }
    expect(calls).toHaveBeenCalledTimes(2);
    expect(await partOf(messageId)).toMatchObject({ state: 'sending', attempts: 2 });
  });

  it('go on when an early one cannot tell', async () => {
    const { conversationId, messageId, calls } = await silence('7111');
    find = () => Promise.resolve('unknown');
    for (const seconds of [2, 8]) {
      later = seconds * SECOND;
      await drainOutboundLane(hub, conversationId);
    }
    expect(await partOf(messageId)).toMatchObject({ state: 'sending', lookups: 0 });
    expect(await nextLook(messageId)).toBe(30);
    expect(calls).toHaveBeenCalledTimes(1);
  });

  describe('in a busy thread', () => {
    let platform: Platform;
    beforeAll(async () => {
      platform = await Platform.start();
    });
    afterAll(() => platform.stop());
    beforeEach(() => {
      platform.threads.clear();
      find = (part, since, known, { env, ...context }) =>
        findInThread(part, since, known, { ...context, env: { ...(env as object), GRAPH_BASE_URL: platform.url } });
    });

    /** The person writes that often, the last time now. */
    async function chatter(person: string, count: number): Promise<void> {
      const messages = Array.from({ length: count }, (_, n) => ({ mid: `m_${randomUUID()}`, text: `and ${n}` }));
      platform
        .threadWith(person)
        .push(...messages.map(({ mid, text }) => ({ id: mid, at: hub.now(), from: person, message: text })));
      await deliver(
        person,
        messages.map((message) => ({ message })),
      );
    }

    it.each([2, 8])('find in time what was accepted and shows after %d s', async (seconds) => {
      const person = `712${seconds}`;
      const { conversationId, messageId, calls } = await silence(person);
      later = seconds * SECOND - 500;
      platform.threadWith(person).push({ id: 'm_lost', at: hub.now(), from: PAGE, message: 'only once' });
      await chatter(person, seconds);
      later = seconds * SECOND;
      await drainOutboundLane(hub, conversationId);
      expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_lost' });
      expect(calls).toHaveBeenCalledTimes(1);
    });

    it('have what never arrived sent again after 30 s, once', async () => {
      const { conversationId, messageId } = await silence('7130');
      const calls = jest.fn(() => Promise.resolve({ externalId: 'm_again' }));
      send = calls;
      for (const seconds of [2, 8, 20, 29, 30]) {
        later = seconds * SECOND;
        expect(calls).not.toHaveBeenCalled();
        await chatter('7130', 15);
        await drainOutboundLane(hub, conversationId);
      }
      expect(calls).toHaveBeenCalledTimes(1);
      later += MINUTE;
      await drainOutboundLane(hub, conversationId);
      expect(calls).toHaveBeenCalledTimes(1);
      expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_again' });
    });

    it('leave it to a person when it may be a message that nobody can read any more', async () => {
      const { conversationId, messageId, calls } = await silence('7131');
      platform.threadWith('7131').push({ id: 'm_whose', at: hub.now(), from: PAGE, message: 'only once' });
      await chatter('7131', 25);
      for (let times = 0; times < 10; times += 1) {
        later += MINUTE;
        await drainOutboundLane(hub, conversationId);
      }
      expect(calls).toHaveBeenCalledTimes(1);
      expect(await partOf(messageId)).toMatchObject({ state: 'unconfirmed' });
    });
  });
});

describe('an upload', () => {
  const actor = staffActor({ userId: AGENT, role: 'agent' });

  async function withFile(person: string): Promise<{ conversationId: string; messageId: string }> {
    const bytes = Buffer.from('%PDF-1.4\n%%EOF\n');
    const conversationId = await question(person);
    const file = await storeUpload(hub, { actor, name: 'bill.pdf', bytes, admit: () => Promise.resolve() });
    return { conversationId, messageId: await answer(conversationId, null, [String(file._id)]) };
  }

  const uploaded = () => ({ remoteId: 'upload-1', expiresAt: hub.now() + 60 * MINUTE });

  it('is made once, and then what it is for is sent', async () => {
    const { conversationId, messageId } = await withFile('7140');
    const calls = jest.fn(() => Promise.resolve(uploaded()));
    upload = calls;
    send = ({ content }) =>
      Promise.resolve({ externalId: content.kind === 'attachment' ? `m_${content.attachment.remoteId}` : 'm_text' });
    await drainOutboundLane(hub, conversationId);
    expect(calls).toHaveBeenCalledTimes(1);
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_upload-1' });
  });

  it('that outlives the reply window is not followed by a send', async () => {
    const { conversationId, messageId } = await withFile('7141');
    upload = () => {
      later += 25 * 60 * MINUTE;
      return Promise.resolve(uploaded());
    };
    const calls = jest.fn(() => Promise.resolve({ externalId: 'm_too_late' }));
    send = calls;
    await drainOutboundLane(hub, conversationId);
    expect(calls).not.toHaveBeenCalled();
    const error = {
      fault: 'window_closed',
      code: 'refused_window_closed',
      message: expect.stringContaining('The reply window closed at'),
    };
    expect(await partOf(messageId)).toMatchObject({ state: 'failed', error });
  });

  it('during which the inbox is held is not followed by a send', async () => {
    const { conversationId, messageId } = await withFile('7142');
    upload = async () => {
      await InboxModel.updateOne({ accountId: PAGE }, { $set: { sendHold: { reason: 'policy', until: null } } });
      return uploaded();
    };
    const calls = jest.fn(() => Promise.resolve({ externalId: 'm_held' }));
    send = calls;
    await drainOutboundLane(hub, conversationId);
    expect(calls).not.toHaveBeenCalled();
    expect(await partOf(messageId)).toMatchObject({ state: 'queued' });
  });
});

describe('a reaction to a message whose id we do not know yet', () => {
  const love = (mid: string) => ({ reaction: { mid, action: 'react', reaction: 'love', emoji: '❤️' } });
  const lane = (person: string) => laneOf('messenger', { accountId: PAGE, contactId: person });
  const reactionsTo = async (messageId: string) => (await MessageModel.findById(messageId).lean())?.reactions ?? [];

  it('shows as soon as the platform’s answer tells the id', async () => {
    const conversationId = await question('7150');
    const messageId = await answer(conversationId, 'quick');
    send = async () => {
      await deliver('7150', love('m_quick'));
      return { externalId: 'm_quick' };
    };
    await drainOutboundLane(hub, conversationId);
    expect(hinted).toEqual([lane('7150')]);
    await drainInboundLane(hub, lane('7150'));
    expect(await reactionsTo(messageId)).toMatchObject([{ emoji: '❤️', by: 'contact' }]);
  });

  it('shows as soon as a look-up tells the id', async () => {
    const conversationId = await question('7151');
    const messageId = await answer(conversationId, 'lost');
    send = () => Promise.reject(new ChannelError('unknown_outcome', 'No answer.'));
    await drainOutboundLane(hub, conversationId);
    await deliver('7151', love('m_lost'));
    find = (_part, since) => Promise.resolve({ externalId: 'm_lost', at: since });
    later = 2 * SECOND;
    await drainOutboundLane(hub, conversationId);
    expect(hinted).toEqual([lane('7151')]);
    await drainInboundLane(hub, lane('7151'));
    expect(await reactionsTo(messageId)).toHaveLength(1);
  });

  it('costs nothing where there is none', async () => {
    const conversationId = await question('7152');
    const messageId = await answer(conversationId, 'nobody cares');
    send = () => Promise.resolve({ externalId: 'm_plain' });
    await drainOutboundLane(hub, conversationId);
    expect(await partOf(messageId)).toMatchObject({ state: 'sent' });
    expect(hinted).toEqual([]);
  });
});

describe('an echo that bears the mark of a send under way', () => {
  const PERSON = '7160';
  let messageId: string;
  let conversationId: string;
  let marks: string[];
  beforeEach(async () => {
    conversationId = await question(PERSON);
    messageId = await answer(conversationId, 'is it mine?');
    marks = [];
    send = ({ metadata }) => {
      marks.push(metadata);
      return Promise.reject(new ChannelError('unknown_outcome', 'No answer.'));
    };
    find = () => Promise.resolve('absent');
    await drainOutboundLane(hub, conversationId);
  });

  const echo = (metadata: string, extra: object = { app_id: Number(APP.id) }, mid = 'm_echo') => ({
    message: { mid, is_echo: true, text: 'is it mine?', metadata, ...extra },
  });
  /** The mark with one of its four fields replaced. */
  const forged = (field: number, value: string) => (mark: string) => mark.split(':').with(field, value).join(':');

  it.each([
    ['our app', { app_id: Number(APP.id) }],
    ['no app', {}],
  ])('settles it when it names %s', async (_name, app) => {
    await deliver(PERSON, echo(marks[0] ?? '', app), 'page');
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_echo' });
    expect(await MessageModel.countDocuments({ senderType: 'agent' })).toBe(1);
  });

  it('settles it when it names an earlier attempt', async () => {
    later = 30 * SECOND;
    await drainOutboundLane(hub, conversationId);
    expect(marks).toHaveLength(2);
    await deliver(PERSON, echo(marks[0] ?? ''), 'page');
    expect(await partOf(messageId)).toMatchObject({ state: 'sent', externalId: 'm_echo' });
    await deliver(PERSON, echo(marks[1] ?? '', {}, 'm_echo_2'), 'page');
    expect(await MessageModel.findById(messageId).lean()).toMatchObject({
      sentTwice: true,
      externalIds: ['m_echo', 'm_echo_2'],
    });
  });

  const same = (mark: string) => mark;
  it.each([
    ['another app', { app: { app_id: 424242 } }],
    ['another contact', { person: '7161' }],
    ['another inbox', { page: PAGES[1] }],
    ['another installation', { mark: forged(0, 'elsewhere') }],
    ['another message', { mark: forged(1, 'b'.repeat(24)) }],
    ['another part', { mark: forged(2, '1') }],
    ['an attempt that nobody made', { mark: forged(3, 'c'.repeat(24)) }],
  ])('is somebody else’s message when it names %s', async (_name, change) => {
    const { app, person, page, mark } = { app: {}, person: PERSON, page: PAGE, mark: same, ...change };
    await deliver(person, echo(mark(marks[0] ?? ''), app), 'page', page);
    expect(await partOf(messageId)).toMatchObject({ state: 'sending', externalId: null });
    const imported = await MessageModel.findOne({ externalIds: 'm_echo' }).lean();
    expect(imported).toMatchObject({ text: 'is it mine?', senderType: 'agent', parts: [] });
    const inbox = await InboxModel.findOne({ accountId: page }).lean();
    const identity = await ContactIdentityModel.findById(imported?.identity).lean();
    expect(identity).toMatchObject({ externalId: person, inbox: inbox?._id });
  });
});
