import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import mongoose from 'mongoose';
import { laneOf } from '../../../src/commands/inbound/store-webhook-items.js';
import { replayEvent } from '../../../src/commands/inbound/replay-event.js';
import { AttachmentModel, MessageModel, WebhookEventModel } from '../../../src/models/index.js';
import { presentForStaff } from '../../../src/presenters/load-message-context.js';
import { forgetEverything, PAGES, post, settled, startMessengerHub } from '../../support/messenger-hub.js';
import type { TestHub } from '../../support/start-hub.js';
import { until } from '../../support/until.js';

const PAGE = PAGES[0];
const POISON = 'poison';

let hub: TestHub;

beforeAll(async () => {
  hub = await startMessengerHub();
});
afterAll(() => hub.stop());
beforeEach(forgetEverything);
afterEach(() => {
  jest.restoreAllMocks();
});

const eventOf = (person: string, text: string) => ({
  sender: { id: person },
  recipient: { id: PAGE },
  timestamp: 1781515800118,
  message: { mid: `m_${person}_${text}`, text },
});

const send = (person: string, ...texts: string[]): Promise<number> => {
  const entry = [{ id: PAGE, time: 1781515800758, messaging: texts.map((text) => eventOf(person, text)) }];
  return post(hub.url, JSON.stringify({ object: 'page', entry }));
};

/** Makes the adapter fail on one text, as a fault of ours would. */
function failOnPoison(): void {
  const adapter = hub.hub.channels.get('messenger');
  if (adapter?.parseEvent === undefined) throw new Error('there is no such adapter');
  const parse = adapter.parseEvent.bind(adapter);
  jest.spyOn(adapter, 'parseEvent').mockImplementation((item, env) => {
    if (JSON.stringify(item.payload).includes(POISON)) throw new Error('cannot be read');
    return parse(item, env);
  });
}

const textsOf = async (): Promise<(string | null | undefined)[]> =>
  (await MessageModel.find().sort({ seq: 1 }).lean()).map(({ text }) => text);

/** An event that was stored a minute ago and tried before. */
async function store(person: string, text: string, tries: number): Promise<string> {
  const lane = laneOf('messenger', { accountId: PAGE, contactId: person });
  const before = new Date(Date.now() - 60_000);
  await WebhookEventModel.collection.insertOne({
    ...{ channel: 'messenger', accountId: PAGE, contactId: person, dedupeKey: `m:${person}`, lane },
    payload: JSON.stringify({ object: 'page', time: 1781515800758, list: 'messaging', event: eventOf(person, text) }),
    ...{ occurredAt: before, sentAt: before, receivedAt: before, dueAt: before, finishedAt: null },
    ...{ state: 'pending', tries, error: null },
  });
  return lane;
}

describe('an event that cannot be applied', () => {
  it('is parked with its error after three tries, while the others of its lane go on; a replay applies it once it can be', async () => {
    failOnPoison();
    expect(await send('7001', 'before', POISON, 'after')).toBe(200);
    await settled();
    expect(await textsOf()).toEqual(['before', 'after']);
    const parked = await WebhookEventModel.find({ state: 'parked' }).lean();
    expect(parked).toMatchObject([{ tries: 3, error: 'cannot be read' }]);

    jest.restoreAllMocks();
    await replayEvent(hub.hub, String(parked[0]?._id));
    await settled();
    expect(await textsOf()).toEqual(['before', 'after', POISON]);
    expect(await WebhookEventModel.countDocuments({ state: 'done' })).toBe(3);
  });

  it('and is parked while it waits for a message does not hold up that message in a full lane', async () => {
    const lane = await store('7008', 'parked', 3);
    await WebhookEventModel.updateOne(
      { lane },
      { $set: { state: 'parked', waitsFor: 'm_7008_awaited', dedupeKey: 'parked' }, $unset: { dueAt: 1 } },
    );
    const parked = await WebhookEventModel.collection.findOne({ lane });
    const dueAt = new Date(Date.now() + 60_000);
    await WebhookEventModel.collection.insertMany(
      Array.from({ length: 60 }, (_, n) => ({
        ...{ ...parked, _id: new mongoose.Types.ObjectId(), dedupeKey: `waits:${n}` },
        ...{ state: 'waiting', waitsFor: `m_other_${n}`, dueAt },
      })),
    );
    expect(await send('7008', 'awaited')).toBe(200);
    await until('the message is there', async () => (await textsOf()).includes('awaited'), 5_000);
    expect(await WebhookEventModel.countDocuments({ state: 'parked' })).toBe(1);
  });

  it('is parked without another try when the process died of it six times', async () => {
    hub.hub.hints.inbound(await store('7002', 'a killer', 6));
    await settled();
    expect(await WebhookEventModel.find().lean()).toMatchObject([
      { state: 'parked', tries: 6, error: 'the process died each time it was tried' },
    ]);
    expect(await textsOf()).toEqual([]);
  });

  it('is applied when the process died three times beside it', async () => {
    hub.hub.hints.inbound(await store('7007', 'unlucky', 3));
    await settled();
    expect(await textsOf()).toEqual(['unlucky']);
  });

  it('that a process may have died of is tried with nothing beside it, so that no other is blamed', async () => {
    const people = ['7003', '7004', '7005', '7006'];
    const lanes: string[] = [];
    for (const person of people) lanes.push(await store(person, 'was there', 1));

    const triesMeanwhile: number[][] = [];
    const insert = MessageModel.collection.insertOne.bind(MessageModel.collection);
    jest.spyOn(MessageModel.collection, 'insertOne').mockImplementation(async (...args) => {
      await until(
        'every lane that still owes something is taken',
        async () =>
          (await mongoose.connection.collection('lanes').countDocuments({ _id: { $in: lanes as never[] } })) ===
          (await WebhookEventModel.countDocuments({ state: 'pending' })),
      );
      triesMeanwhile.push((await WebhookEventModel.find({ state: 'pending' }).lean()).map(({ tries }) => tries).sort());
      return insert(...args);
    });
    for (const lane of lanes) hub.hub.hints.inbound(lane);
    await settled();
    expect(triesMeanwhile).toEqual([[1, 1, 1, 2], [1, 1, 2], [1, 2], [2]]);
    expect(await textsOf()).toHaveLength(people.length);
  });
});

describe('what no platform sends', () => {
  const LONG = 'x'.repeat(5_000);
  const deliver = async (person: string, event: object): Promise<void> => {
    const messaging = [{ sender: { id: person }, recipient: { id: PAGE }, timestamp: 1781515800118, ...event }];
    const entry = [{ id: PAGE, time: 1781515800758, messaging }];
    expect(await post(hub.url, JSON.stringify({ object: 'page', entry }))).toBe(200);
    await settled();
  };

  it.each([
    ['a message', { message: { mid: LONG, text: 'hello' } }],
    [
      'a copy of ours',
      { sender: { id: PAGE }, recipient: { id: '7100' }, message: { mid: LONG, text: 'hello', is_echo: true } },
    ],
    ['a button', { postback: { mid: LONG, title: 'hello', payload: 'x' } }],
    ['an edit', { message_edit: { mid: LONG, text: 'hello', num_edit: 1 } }],
    ['a reaction', { reaction: { mid: LONG, action: 'react', emoji: '!' } }],
    ['a deletion', { message: { mid: LONG, is_deleted: true } }],
  ])('%s with an id of 5,000 characters is ignored', async (_what, event) => {
    await deliver('7100', event);
    expect(await WebhookEventModel.find().lean()).toMatchObject([{ state: 'ignored' }]);
    expect(await textsOf()).toEqual([]);
  });

  it('a message that answers such an id, and a receipt that names one, are applied without it', async () => {
    await deliver('7101', { message: { mid: 'm_7101', text: 'hello', reply_to: { mid: LONG } } });
    await deliver('7101', { delivery: { mids: [LONG], watermark: 1781515800118 } });
    expect(await WebhookEventModel.countDocuments({ state: 'done' })).toBe(2);
    expect(await MessageModel.find().lean()).toMatchObject([{ text: 'hello', replyTo: null }]);
  });

  it('what nobody sees of an attachment’s title is left out', async () => {
    const payload = { url: 'https://example.com/', title: 'inv\u202Egpj.exe\u200B' };
    await deliver('7103', { message: { mid: 'm_7103', attachments: [{ type: 'fallback', payload }] } });
    const message = await MessageModel.findOne().lean();
    const [kept] = await AttachmentModel.find({ _id: { $in: message?.attachments ?? [] } }).lean();
    expect(kept?.name).toBe('invgpj.exe');
  });

  it('1,000 attachments of one message are cut to 50, and the rest is counted', async () => {
    const attachments = Array.from({ length: 1_000 }, (_, n) => ({
      type: 'fallback',
      payload: { url: `https://example.com/${n}`, title: `Link ${n}` },
    }));
    await deliver('7102', { message: { mid: 'm_7102', attachments } });
    expect(await WebhookEventModel.find().lean()).toMatchObject([{ state: 'done' }]);
    const message = await MessageModel.findOne().lean();
    expect(message).toMatchObject({ moreAttachments: 950 });
    expect(message?.attachments).toHaveLength(50);
    const kept = await AttachmentModel.find({ _id: { $in: message?.attachments ?? [] } }).lean();
    expect(kept.map(({ name }) => name).sort()).toEqual(Array.from({ length: 50 }, (_, n) => `Link ${n}`).sort());
    const presented = message && (await presentForStaff(message, hub.hub.env, Date.now()));
    expect(presented).toMatchObject({ moreAttachments: 950 });
  });
});
