import { randomUUID } from 'node:crypto';
import { act } from '../src/commands/act.js';
import type { Hub } from '../src/hub.js';
import { OutboxRowModel, type OutboxRow } from '../src/models/index.js';
import { SYSTEM } from '../src/policies/index.js';
import { onStore } from '../src/storage/in-transaction.js';
import { crashPoint } from '../src/utils/crash-points.js';
import type { ConsumerCommit, OutboxConsumer, Owed } from './define-consumer.js';
import { begin, owedFor, putBack } from './outbox.js';

const CLAIM = 100;
/** Claimed rows that one consumer may hold while their lanes are busy; when there are more, they are put aside for a while. */
const MOST_HELD = 300;
/** How long rows are put aside. Milliseconds. */
const ASIDE = 30_000;
const LEASE = 30_000;
/** How often a claim is renewed while its rows are worked on: one of them may take longer than the lease. Milliseconds. */
const RENEW_EVERY = 10_000;
const AT_ONCE_OF_LANE = 2;

/** The row was claimed by somebody else in the meantime; what was done under the old claim is not committed. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

type Perform = (hub: Hub, owed: Owed) => Promise<ConsumerCommit | null>;

/** The drains that run in this process, by what all its hubs share: each job is given a hub of its own. */
const drains = new WeakMap<Hub['hints'], Map<string, Drain>>();

/**
 * Does everything a consumer owes (PROTOCOLS 2). In one process it is done by one drain: who comes while it runs makes it look for
 * more, and leaves, so that a slow consumer takes no more than one worker.
 */
export async function drainConsumer(hub: Hub, consumer: OutboxConsumer, perform: Perform): Promise<void> {
  const ofHub = drains.get(hub.hints) ?? new Map<string, Drain>();
  drains.set(hub.hints, ofHub);
  const running = ofHub.get(consumer.name);
  if (running !== undefined) return running.lookAgain();
  const drain = new Drain(hub, consumer, perform);
  ofHub.set(consumer.name, drain);
  await drain.run(() => ofHub.delete(consumer.name));
}

/** Works on what a consumer owes: several rows at once, few of one lane. */
class Drain {
  readonly #hub: Hub;
  readonly #consumer: OutboxConsumer;
  readonly #perform: Perform;
  /** Claimed and not begun, because their lanes are busy. */
  #waiting: OutboxRow[] = [];
  readonly #active = new Set<OutboxRow>();
  /** How many rows of a lane are worked on. */
  readonly #busy = new Map<string, number>();
  #mayBeMore = true;
  #fault: unknown = null;
  #wake: () => void = () => undefined;

  constructor(hub: Hub, consumer: OutboxConsumer, perform: Perform) {
    this.#hub = hub;
    this.#consumer = consumer;
    this.#perform = perform;
  }

  lookAgain(): void {
    this.#mayBeMore = true;
    this.#wake();
  }

  /** @param ended called once nothing more is looked for, before anybody can ask for another look in vain. */
  async run(ended: () => void): Promise<void> {
    const renewal = setInterval(() => void renew(this.#hub, [...this.#waiting, ...this.#active]), RENEW_EVERY);
    try {
      while (this.#fault === null) {
        this.#beginRows();
        const isIdle = this.#active.size === 0;
        if (this.#active.size < this.#consumer.concurrency && (this.#mayBeMore || isIdle)) {
          if ((await this.#claimMore()) === 0 && isIdle && !this.#mayBeMore) return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      ended();
      while (this.#active.size > 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      clearInterval(renewal);
    }
    throw this.#fault;
  }

  #beginRows(): void {
    this.#waiting = this.#waiting.filter((row) => {
      const lane = this.#laneOf(row);
      const before = this.#busy.get(lane) ?? 0;
      if (this.#active.size >= this.#consumer.concurrency || before >= AT_ONCE_OF_LANE) return true;
      this.#busy.set(lane, before + 1);
      this.#active.add(row);
      void this.#work(row, lane);
      return false;
    });
  }

  async #work(row: OutboxRow, lane: string): Promise<void> {
    try {
      await consume(this.#hub, this.#perform, row);
    } catch (error) {
      this.#fault ??= error;
    } finally {
      const left = (this.#busy.get(lane) ?? 1) - 1;
      if (left === 0) this.#busy.delete(lane);
      else this.#busy.set(lane, left);
      this.#active.delete(row);
      this.#wake();
    }
  }

  #laneOf(row: OutboxRow): string {
    return this.#consumer.laneOf(row);
  }

  /** @returns how many rows came. */
  async #claimMore(): Promise<number> {
    this.#mayBeMore = false;
    if (this.#waiting.length >= MOST_HELD) await putAside(this.#hub, this.#waiting.splice(CLAIM));
    const rows = await claim(this.#hub, this.#consumer.name, randomUUID());
    if (rows.length > 0) crashPoint('outboxClaimed');
    this.#waiting.push(...rows);
    this.#mayBeMore ||= rows.length === CLAIM;
    return rows.length;
  }
}

/** Takes rows that are due for one lease. */
async function claim(hub: Hub, consumer: string, lease: string): Promise<OutboxRow[]> {
  const now = hub.now();
  const due = { consumer, dueAt: { $lte: new Date(now) } };
  const ids = await onStore(OutboxRowModel.find(due, '_id').sort({ dueAt: 1 }).limit(CLAIM).lean().exec());
  if (ids.length === 0) return [];
  await onStore(
    OutboxRowModel.updateMany(
      { ...due, _id: { $in: ids.map((row) => row._id) } },
      { $set: { lease, dueAt: new Date(now + LEASE) } },
    ).exec(),
  );
  return onStore(OutboxRowModel.find({ lease }).lean().exec());
}

/** Rows as they were claimed. */
const claimed = (rows: readonly OutboxRow[]) => ({
  _id: { $in: rows.map((row) => row._id) },
  lease: { $in: [...new Set(rows.map((row) => row.lease ?? null))] },
});

/** Keeps the rows that are not done yet. Best effort: what is claimed by another is done twice and committed once. */
async function renew(hub: Hub, rows: readonly OutboxRow[]): Promise<void> {
  try {
    const dueAt = new Date(hub.now() + LEASE);
    await onStore(OutboxRowModel.updateMany(claimed(rows), { $set: { dueAt } }).exec());
  } catch (error) {
    hub.logger.debug('outbox', 'a claim could not be renewed', { error });
  }
}

/** Gives back rows that were not begun. */
async function putAside(hub: Hub, rows: readonly OutboxRow[]): Promise<void> {
  const dueAt = new Date(hub.now() + ASIDE);
  await onStore(OutboxRowModel.updateMany(claimed(rows), { $set: { dueAt, lease: null } }).exec());
}

async function consume(hub: Hub, perform: Perform, claimed: OutboxRow): Promise<void> {
  const row = await begin({ _id: claimed._id, lease: claimed.lease ?? null });
  if (row === null) return;
  try {
    const commit = await perform(hub, owedFor(row));
    await act(hub, SYSTEM, async (unit) => {
      const own = { _id: row._id, lease: row.lease ?? null };
      const removed = await OutboxRowModel.deleteOne(own, { session: unit.session });
      if (removed.deletedCount !== 1) throw new ClaimLostError(`row ${row._id} has another owner`);
      await commit?.(unit);
    });
    crashPoint('consumerDone');
  } catch (error) {
    if (!(error instanceof ClaimLostError)) await putBack(hub, row, error);
  }
}
