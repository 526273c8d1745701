import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import mongoose from 'mongoose';
import { setTimeout as pause } from 'node:timers/promises';
import { createInbox } from '../../src/commands/inboxes/create-inbox.js';
import { drainInboundLane } from '../../src/commands/inbound/drain-inbound-lane.js';
import { createWebhookStore, laneOf } from '../../src/commands/inbound/store-webhook-items.js';
import { MessageModel, WebhookEventModel } from '../../src/models/index.js';
import { SYSTEM } from '../../src/policies/index.js';
import { startHub, type TestHub } from '../support/start-hub.js';

jest.setTimeout(120_000);

const ACCOUNT = '104829637715402';
const CONTACT = '7000000000000003';
const NEIGHBOURS = ['7000000000000011', '7000000000000012', '7000000000000013', '7000000000000014'];
/** More than an event's own faults may be before it is parked. */
const OUTAGES = 4;

let test: TestHub;

beforeAll(async () => {
  test = await startHub({ ROLE: 'api' });
  const inbox = { channel: 'messenger', name: 'Page', accountId: ACCOUNT, config: { accessToken: 'EAAtest' } };
  await createInbox(test.hub, { actor: SYSTEM, ...inbox });
});
afterAll(() => test.stop());

async function storeMessage(text: string, contact = CONTACT): Promise<string> {
  const messaging = [
    {
      ...{ sender: { id: contact }, recipient: { id: ACCOUNT }, timestamp: Date.now() },
      message: { mid: `m_${contact}_${text}`, text },
    },
  ];
  const body = JSON.stringify({ object: 'page', entry: [{ id: ACCOUNT, time: Date.now(), messaging }] });
  const items = test.hub.channels.get('messenger')?.splitWebhook?.(Buffer.from(body)) ?? [];
  await createWebhookStore({ now: () => Date.now() })('messenger', items);
  return laneOf('messenger', { accountId: ACCOUNT, contactId: contact });
}

/** While `work` runs, the contacts' identities are locked by a transaction that does not end. */
async function whileLocked(work: () => Promise<unknown>, contacts = [CONTACT]): Promise<void> {
  const session = await mongoose.connection.startSession();
  session.startTransaction();
  await mongoose.connection
    .collection('contact_identities')
    .updateMany({ externalId: { $in: contacts } }, { $inc: { touches: 1 } }, { session });
  await work();
  await session.abortTransaction();
  await session.endSession();
}

describe('a store that does not let a transaction through', () => {
  it('is not held against the event, however often that was', async () => {
    const lane = await storeMessage('first');
    await drainInboundLane(test.hub, lane);

    await storeMessage('second');
    // The event has waited for a while, as it does when it is the sweep that comes back to it.
    await WebhookEventModel.updateOne(
      { lane, state: 'pending' },
      { $set: { receivedAt: new Date(Date.now() - 60_000) } },
    );
    for (let n = 0; n < OUTAGES; n += 1)
      await whileLocked(() => expect(drainInboundLane(test.hub, lane)).rejects.toMatchObject({ status: 503 }));
    await drainInboundLane(test.hub, lane);

    expect(await WebhookEventModel.countDocuments({ lane, state: 'parked' })).toBe(0);
    const texts = await MessageModel.find({ senderType: 'contact' }, 'text').sort({ seq: 1 }).lean();
    expect(texts.map(({ text }) => text)).toEqual(['first', 'second']);
  });
});

describe('events that were under way when a process died', () => {
  it('are tried again one at a time, so that the one it died of is parked alone', async () => {
    const lanes = await Promise.all(NEIGHBOURS.map((contact) => storeMessage('first', contact)));
    for (const lane of lanes) await drainInboundLane(test.hub, lane);
    for (const contact of NEIGHBOURS) await storeMessage('second', contact);
    const died = { lane: { $in: lanes }, state: 'pending' as const };
    await WebhookEventModel.updateMany(died, { $set: { tries: 1 } });

    const tried: number[] = [];
    let drained: Promise<unknown> = Promise.resolve();
    await whileLocked(async () => {
      const drains = lanes.map((lane) => drainInboundLane(test.hub, lane));
      drained = Promise.allSettled(drains);
      const first = Promise.race(drains).catch(() => 'over');
      while ((await Promise.race([first, pause(20)])) === undefined)
        tried.push(await WebhookEventModel.countDocuments({ ...died, tries: 2 }));
    }, NEIGHBOURS);
    expect(Math.max(...tried)).toBe(1);

    await drained;
    for (const lane of lanes) await drainInboundLane(test.hub, lane);
    expect(await WebhookEventModel.countDocuments({ lane: { $in: lanes }, state: 'done' })).toBe(2 * lanes.length);
  });
});
