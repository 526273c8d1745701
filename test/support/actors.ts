import type { StaffActor } from '../../src/policies/index.js';
import { SCOPE_OF_ROLE } from '../../src/policies/roles.js';

/** A member of the team as the hub knows them once they have logged in; an admin unless told otherwise. */
export function staffActor(told: Partial<StaffActor> = {}): StaffActor {
  const role = told.role ?? 'admin';
  return {
    type: 'staff',
    userId: 'a'.repeat(24),
    name: 'Mara',
    role,
    scope: SCOPE_OF_ROLE[role],
    inboxIds: [],
    teamIds: [],
    sessionId: 'b'.repeat(24),
    scopeRev: 0,
    ...told,
  };
}
