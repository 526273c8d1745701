import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { applyEvents, EventsMovedError, parseStored } from '../../src/commands/inbound/apply-events.js';
import { createInbox } from '../../src/commands/inboxes/create-inbox.js';
import { drainInboundLane } from '../../src/commands/inbound/drain-inbound-lane.js';
import { createWebhookStore, laneOf } from '../../src/commands/inbound/store-webhook-items.js';
import { MessageModel, WebhookEventModel, type Inbox } from '../../src/models/index.js';
import { SYSTEM } from '../../src/policies/index.js';
import { inTransaction } from '../../src/storage/in-transaction.js';
import { withLane, type Fence, type Lane, type LaneWork } from '../../src/storage/lanes.js';
import { faultsOfSequence, parseSerial, serialText } from './support/serial.js';
import { until } from '../support/until.js';
import { startHub, type TestHub } from '../support/start-hub.js';

jest.setTimeout(60_000);

const ACCOUNT = '104829637715402';
const EVENTS = 3;

let test: TestHub;
let inbox: Inbox;

beforeAll(async () => {
  test = await startHub({ ROLE: 'api' });
  const config = { accessToken: 'EAAtest' };
  ({ inbox } = await createInbox(test.hub, {
    ...{ actor: SYSTEM, channel: 'messenger', name: 'Page', accountId: ACCOUNT, config },
  }));
});
afterAll(() => test.stop());

/** Followed links of one contact: lines of the system, which no unique key keeps from being written twice. */
async function storeEvents(contactId: string): Promise<string> {
  const adapter = test.hub.channels.get('messenger');
  const messaging = Array.from({ length: EVENTS }, (_, index) => ({
    sender: { id: contactId },
    recipient: { id: ACCOUNT },
    timestamp: Date.now() - EVENTS + index,
    referral: { ref: serialText(contactId, 'ref', index + 1), source: 'SHORTLINK', type: 'OPEN_THREAD' },
  }));
  const body = JSON.stringify({ object: 'page', entry: [{ id: ACCOUNT, time: Date.now(), messaging }] });
  const items = adapter?.splitWebhook?.(Buffer.from(body)) ?? [];
  await createWebhookStore({ now: () => Date.now() })('messenger', items);
  return laneOf('messenger', { accountId: ACCOUNT, contactId });
}

/**
 * An owner reads its batch and is paused beyond its lease; another one takes the lane and drains it; then the first goes on.
 * @param held the lane as the first owner uses it.
 */
async function outliveTheLease(laneId: string, contactId: string, held: (lane: Lane) => Lane): Promise<void> {
  const { hub } = test;
  let looks = 0;
  await withLane(hub, laneId, {
    look: () => Promise.resolve((looks += 1) === 1 ? true : null),
    drain: async (lane) => {
      const rows = await WebhookEventModel.find({ lane: laneId, state: 'pending' }).sort({ _id: 1 }).lean();
      const batch = rows.map((stored) => parseStored(hub, stored));
      const lanes = mongoose.connection.collection<{ _id: string; leaseUntil: Date }>('lanes');
      await lanes.updateOne({ _id: laneId }, { $set: { leaseUntil: new Date(0) } });
      await drainInboundLane(hub, laneId);
      await applyEvents(hub, held(lane), inbox, contactId, batch);
    },
  });
}

async function faults(contactId: string): Promise<string[]> {
  const messages = await MessageModel.find({ kind: 'activity' }).sort({ orderAt: 1, tieKey: 1 }).lean();
  const serials = messages.flatMap(({ activity }) => {
    const serial = parseSerial(String((activity?.data as Record<string, unknown> | undefined)?.['ref']));
    return serial?.thread === contactId ? [serial.n] : [];
  });
  return faultsOfSequence('followed', serials, EVENTS);
}

describe('the fence of a lane', () => {
  it('keeps an owner that was paused beyond its lease from committing', async () => {
    const lane = await storeEvents('7000000000000001');
    await outliveTheLease(lane, '7000000000000001', (held) => held);
    expect(await faults('7000000000000001')).toEqual([]);
  });

  it('does not stand alone: without it, what another owner has dealt with meanwhile is not applied again', async () => {
    const lane = await storeEvents('7000000000000002');
    const unfenced = (held: Lane): Lane => ({ ...held, fence: () => Promise.resolve() });
    await expect(outliveTheLease(lane, '7000000000000002', unfenced)).rejects.toThrow(EventsMovedError);
    expect(await faults('7000000000000002')).toEqual([]);
  });
});

describe('a lane that is passed', () => {
  it('is worked for who came meanwhile, although its owner left when the claim was lost to them', async () => {
    const id = 'in:probe';
    const lanes = mongoose.connection.collection<{ _id: string; owner: string; leaseUntil: Date }>('lanes');
    await lanes.insertOne({ _id: id, owner: 'another', leaseUntil: new Date(Date.now() + 60_000) });
    let owed: true | null = true;
    const work: LaneWork<true> = {
      look: () => Promise.resolve(owed),
      pass: async (fence) => {
        const claim = inTransaction((session) => fence.fence(session));
        await claim.catch(async (lost: unknown) => {
          await lanes.deleteOne({ _id: id });
          expect(await withLane(test.hub, id, work)).toBe('left');
          throw lost;
        });
        return true;
      },
      drain: () => {
        owed = null;
        return Promise.resolve();
      },
    };
    expect(await withLane(test.hub, id, work)).toBe('drained');
    expect(owed).toBeNull();
  });

  it('is passed by one transaction after the other, whichever process they belong to', async () => {
    const id = 'in:one-by-one';
    const fences: Fence[] = [];
    const catchFence = async (): Promise<void> => {
      let looks = 0;
      await withLane(test.hub, id, {
        look: () => Promise.resolve((looks += 1) === 1 ? true : null),
        pass: (fence) => Promise.resolve(fences.push(fence) > 0),
        drain: () => Promise.resolve(),
      });
    };
    await catchFence();
    await catchFence();
    const [one, other] = fences;
    await inTransaction((session) => one!.fence(session));

    const told: string[] = [];
    let tries = 0;
    let second: Promise<void> = Promise.resolve();
    await inTransaction(async (session) => {
      await one!.fence(session);
      second = inTransaction(async (its) => {
        tries += 1;
        await other!.fence(its);
        told.push('the other claims it');
      });
      await until('the other has met the one', () => tries > 1, 3_000);
      told.push('the one ends');
    });
    await second;
    expect(told).toEqual(['the one ends', 'the other claims it']);
  });
});
