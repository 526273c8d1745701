import type { Act } from '../src/commands/act.js';

/**
 * What a timer of one kind makes the hub look at again, found by its file `timers/<kind>.timer.ts` (PROTOCOLS 13). It carries no
 * decision: the work reads what it is about and decides anew, in the act that removes the timer.
 */
export interface TimerDefinition {
  kind: string;
  /** @param subject id of what it is about. */
  perform(act: Act, subject: string): Promise<void>;
}

export const defineTimer = (definition: TimerDefinition): TimerDefinition => definition;
