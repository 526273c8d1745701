import { randomUUID } from 'node:crypto';
import mongoose, { type ClientSession } from 'mongoose';
import { crashPoint } from '../utils/crash-points.js';
import type { Clock } from '../utils/clock.js';
import { isDuplicateKey } from './in-transaction.js';

/** A lane's lease and how often its owner renews it (PROTOCOLS 6). Milliseconds. */
export const LANE_LEASE = 10_000;
const RENEW_EVERY = 3_000;

interface LaneDocument {
  _id: string;
  owner: string;
  leaseUntil: Date;
}

/** Somebody else owns the lane now; whatever this owner was about to commit must not be. */
export class LaneLostError extends Error {
  override readonly name = 'LaneLostError';
}

/** What keeps transactions of different owners of a lane apart. */
export interface Fence {
  id: string;
  /**
   * First statement of every transaction that is committed in a lane: claims the lane inside the transaction, so that a paused former
   * owner commits nothing.
   * @throws LaneLostError
   */
  fence(session: ClientSession): Promise<void>;
}

/** A lane that this process owns. */
export interface Lane extends Fence {
  /** False once a renewal has failed: stop as soon as possible. */
  held(): boolean;
}

/** What is done in a lane. */
export interface LaneWork<W> {
  /** Finds work that is due now; null: there is none. */
  look(): Promise<W | null>;
  /**
   * Does what was found in one transaction, which takes the lane and gives it back by itself: two writes less than owning it.
   * @returns false where that does not do, and the lane has to be owned.
   */
  pass?(fence: Fence, found: W): Promise<boolean>;
  /** Does what was found before the lane was taken, and more: a former owner may have done it in the meantime. */
  drain(lane: Lane, found: W): Promise<void>;
}

/** Lane writes outside transactions need no majority: the fence inside them covers a roll-back. */
const UNSAFE_WRITE = { writeConcern: { w: 1 } } as const;

const lanes = () => mongoose.connection.collection<LaneDocument>('lanes');
const leaseEnd = (clock: Clock) => new Date(clock.now() + LANE_LEASE);

async function take(clock: Clock, id: string): Promise<string | null> {
  const owner = randomUUID();
  try {
    await lanes().insertOne({ _id: id, owner, leaseUntil: leaseEnd(clock) }, UNSAFE_WRITE);
    return owner;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const stolen = await lanes().updateOne(
    { _id: id, leaseUntil: { $lt: new Date(clock.now()) } },
    { $set: { owner, leaseUntil: leaseEnd(clock) } },
    UNSAFE_WRITE,
  );
  return stolen.modifiedCount === 1 ? owner : null;
}

/** Lanes that are being passed in this process. */
const passing = new Set<string>();

/** A lane that was given back by whoever passed it: the lease of no moment. */
const FREE = new Date(0);

/** Takes a free lane and gives it back in one statement: while its transaction lasts, every other claim conflicts with it. */
const passFence = (clock: Clock, id: string): Fence => ({
  id,
  fence: async (session) => {
    const free = { _id: id, leaseUntil: { $lt: new Date(clock.now()) } };
    try {
      // A new owner each time: an update that changes nothing conflicts with nothing.
      await lanes().updateOne(free, { $set: { owner: randomUUID(), leaseUntil: FREE } }, { session, upsert: true });
    } catch (error) {
      throw isDuplicateKey(error) ? new LaneLostError(`lane ${id} has an owner`) : error;
    }
    crashPoint('laneTaken');
  },
});

/**
 * Works a lane as its only owner: looks for work, takes the lane, drains it, gives it back, and looks once more (somebody who stored
 * work while we held the lane has left without a word). Leaves without a write where there is nothing to do, and where another owner
 * holds it.
 */
export async function withLane<W>(clock: Clock, id: string, work: LaneWork<W>): Promise<'left' | 'drained'> {
  // Whoever passes it here looks once more.
  if (passing.has(id)) return 'left';
  for (let found = await work.look(); found !== null; found = await work.look()) {
    const passed = await passLane(clock, id, work, found);
    if (passed === 'left') return 'left';
    if (passed) continue;
    const owner = await take(clock, id);
    if (owner === null) return 'left';
    crashPoint('laneTaken');
    const due = found;
    await own(clock, id, owner, (lane) => work.drain(lane, due));
    crashPoint('afterLaneRelease');
  }
  return 'drained';
}

async function passLane<W>(clock: Clock, id: string, { pass }: LaneWork<W>, found: W): Promise<boolean | 'left'> {
  if (pass === undefined) return false;
  if (passing.has(id)) return 'left';
  passing.add(id);
  try {
    const passed = await pass(passFence(clock, id), found);
    if (passed) crashPoint('beforeLaneRelease');
    return passed;
  } catch (error) {
    // Who came meanwhile has left, and the owner may have looked for the last time before: the claim by owning it tells.
    if (error instanceof LaneLostError) return false;
    throw error;
  } finally {
    passing.delete(id);
    crashPoint('afterLaneRelease');
  }
}

async function own(clock: Clock, id: string, owner: string, drain: (lane: Lane) => Promise<void>): Promise<void> {
  let held = true;
  const timer = setInterval(() => {
    lanes()
      .updateOne({ _id: id, owner }, { $set: { leaseUntil: leaseEnd(clock) } }, UNSAFE_WRITE)
      .then((result) => {
        if (result.matchedCount === 0) held = false;
      })
      .catch(() => undefined);
  }, RENEW_EVERY);
  const lane: Lane = {
    id,
    held: () => held,
    fence: async (session) => {
      const renewed = await lanes().updateOne(
        { _id: id, owner },
        { $set: { leaseUntil: leaseEnd(clock) } },
        { session },
      );
      if (renewed.matchedCount === 0) throw new LaneLostError(`lane ${id} has another owner`);
    },
  };
  try {
    await drain(lane);
    crashPoint('beforeLaneRelease');
  } catch (error) {
    if (!(error instanceof LaneLostError)) throw error;
  } finally {
    clearInterval(timer);
    await lanes().deleteOne({ _id: id, owner }, UNSAFE_WRITE);
  }
}

const thisProcess = randomUUID();

/**
 * Takes or keeps a lease for a periodic job, if no other process has it. Never given back: it runs out.
 * @param ms how long no other process may run the job.
 */
export async function takeLease(clock: Clock, name: string, ms: number): Promise<boolean> {
  const now = clock.now();
  const lease = { owner: thisProcess, leaseUntil: new Date(now + ms) };
  const id = `lease:${name}`;
  const renewed = await lanes().updateOne(
    { _id: id, $or: [{ owner: thisProcess }, { leaseUntil: { $lte: new Date(now) } }] },
    { $set: lease },
    UNSAFE_WRITE,
  );
  if (renewed.matchedCount === 1) return true;
  try {
    await lanes().insertOne({ _id: id, ...lease }, UNSAFE_WRITE);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** Removes lanes whose owner died more than a minute ago and left no work behind. */
export async function dropDeadLanes(clock: Clock): Promise<void> {
  await lanes().deleteMany({ leaseUntil: { $lt: new Date(clock.now() - 60_000) } }, UNSAFE_WRITE);
}
