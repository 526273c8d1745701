import type { Role } from '../shared/dto.js';

/** A logged-in member of the team. */
export interface StaffActor {
  type: 'staff';
  userId: string;
  name: string;
  role: Exclude<Role, 'customer'>;
  /** Inboxes they are a member of; an admin's rights do not depend on it. */
  inboxIds: readonly string[];
  sessionId: string;
  scopeRev: number;
}

/** Somebody who writes in: one identity in one inbox. */
export interface VisitorActor {
  type: 'visitor';
  identityId: string;
  contactId: string;
  inboxId: string;
  /** Of the token they came with; see `tokenEpoch` of the identity. */
  epoch: number;
}

/** The hub itself: workers, consumers, commands on nobody's behalf. */
export interface SystemActor {
  type: 'system';
}

/** Who wants to do something. */
export type Actor = StaffActor | VisitorActor | SystemActor;

export const SYSTEM: SystemActor = { type: 'system' };

/** How audit events and senders name an actor. */
export function actorKey(actor: Actor): string {
  if (actor.type === 'staff') return `user:${actor.userId}`;
  return actor.type === 'visitor' ? `identity:${actor.identityId}` : 'system';
}
