import type { Hub } from '../src/hub.js';

/** Something that one process at a time looks for, found by its file `sweeps/<noun>.sweep.ts`. */
export interface SweepDefinition {
  name: string;
  /** How often. Milliseconds. */
  every: number;
  /** Does not depend on Redis: it finds what Redis has lost. @returns how much was found that nobody had told of. */
  perform(hub: Hub, stopping: AbortSignal): Promise<number>;
}

export const defineSweep = (definition: SweepDefinition): SweepDefinition => definition;

/** What is due for longer than this was told to nobody, or whoever was told has died (PROTOCOLS 2). Milliseconds. */
export const OVERDUE = 5_000;
/** Rows looked at in one round. */
export const MOST_SWEPT = 500;
