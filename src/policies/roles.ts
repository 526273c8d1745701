import type { ReadScope } from '../shared/conversation-rights.js';
import type { Actor, StaffActor } from './actor.js';

/** How far each role sees (SPEC 3.2). */
export const SCOPE_OF_ROLE = {
  agent: 'own',
  supervisor: 'teams',
  admin: 'all',
} as const satisfies Record<StaffActor['role'], ReadScope>;

export const isSystem = (actor: Actor): boolean => actor.type === 'system';
export const isStaff = (actor: Actor): boolean => isSystem(actor) || actor.type === 'staff';
export const isAdmin = (actor: Actor): boolean => isSystem(actor) || (actor.type === 'staff' && actor.role === 'admin');
export const leadsPeople = (actor: Actor): boolean =>
  isAdmin(actor) || (actor.type === 'staff' && actor.role === 'supervisor');
