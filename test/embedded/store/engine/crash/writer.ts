import type { Line } from './line.js';

/** A document with a value for each of the indexes on `rows`. */
export interface Row {
  _id: string;
  /** Name of the writer that owns it. */
  w: string;
  n: number;
  /** Unique. */
  k: string;
  a: number;
  b: number;
  tags: string[];
  /** In the partial index when it is above 5. */
  level: number;
  /** Sparse. */
  s?: string;
  /** TTL; far away. */
  at: Date;
  text: string;
}

/** The record of a transfer, written in the same transaction as the balances and the entries. */
export interface Transfer {
  _id: string;
  from: number;
  to: number;
  amount: number;
}

/** One of the two sides of a transfer. */
export interface Entry {
  _id: string;
  transfer: string;
  account: number;
  amount: number;
}

/** What the collections hold after a restart. */
export interface Snapshot {
  rows: Row[];
  accounts: Array<{ _id: number; balance: number }>;
  transfers: Transfer[];
  entries: Entry[];
}

/** Somebody who writes until the store is killed, and then says what is wrong. */
export interface Writer {
  readonly name: string;
  readonly line: Line;
  readonly faults: string[];
  /** Writes that were answered with success. */
  readonly acknowledged: number;
  /** Writes that had no answer, and how many of them the store had made all the same. */
  readonly unanswered: { sent: number; made: number };
  /** One piece of work; false when the store was gone before it answered. */
  step(): Promise<boolean>;
  /** Sends again what had no answer, before the store is read; only for what must be repeatable. */
  repeat(): Promise<void>;
  /** Compares what is stored with what was acknowledged, and goes on from there. */
  settle(stored: Snapshot): Promise<void>;
}
