import type { Actor } from '../../policies/index.js';

/** How the thread names an actor; null: the hub, a program or a customer, for whom the reader's own words stand. */
export const nameOf = (actor: Actor): string | null => (actor.type === 'staff' ? actor.name : null);
