import type { ClientSession } from 'mongoose';
import type { Hub } from '../src/commands/hub.js';
import type { Change } from '../src/events/change.js';
import type { ConsumerInterest } from '../src/events/consumer.js';
import type { OutboxRow } from '../src/models/index.js';

/** Writes what a consumer's work came to, in the transaction that removes the row; may run several times. */
export type ConsumerCommit = (session: ClientSession) => Promise<Change[]>;

/** A reaction to domain events, found by its file `consumers/<noun>.consumer.ts` (PROTOCOLS 2). */
export interface OutboxConsumer extends ConsumerInterest {
  /**
   * What may be slow on its own, such as a host: a process works on two rows of a lane at once, and those that wait for their turn
   * take no other's place. Absent: every row is its own lane.
   */
  laneOf?(row: OutboxRow): string;
  /** The work outside the store, done at least once; throw to be tried again. Null: nothing to write. */
  perform(hub: Hub, row: OutboxRow): Promise<ConsumerCommit | null>;
}
