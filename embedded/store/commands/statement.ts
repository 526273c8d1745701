import type { Query } from '../planner/query.js';
import type { Stored } from '../storage/records.js';
import type { WriteTarget } from '../transaction/write-target.js';
import type { Doc } from '../values/index.js';

/**
 * One write of a command. Its methods change nothing before they throw, and count only what they have done, so that
 * a runner may try again after a lock was released.
 */
export interface Statement {
  /** What to look for; undefined for an insert, which only has `missing`. */
  readonly query: Query | undefined;
  /** Changes every match instead of the first. */
  readonly multi: boolean;
  /** Number in the client's retry bookkeeping. */
  readonly id: number;
  change(target: WriteTarget, stored: Stored): void;
  /** Called when nothing matched. */
  missing(target: WriteTarget): void;
  /** What was done, to be stored for a repeated command. */
  outcome(): Doc;
  /** Takes over what an earlier run of the same command did. */
  restore(outcome: Doc): void;
}

/** A statement that failed, at its place in the command. */
export interface Failure {
  index: number;
  error: unknown;
}
