import type { Actor } from './actor.js';

/** What concerns a visitor's own session (SPEC 3.3). */
export const visitPolicies = {
  /** Logging out of the widget: ends every token of one's own identity. */
  'visit.end': (actor) => actor.type === 'visitor',
} as const satisfies Record<string, (actor: Actor) => boolean>;
