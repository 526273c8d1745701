import type { Actor } from './actor.js';

export const isSystem = (actor: Actor): boolean => actor.type === 'system';
export const isStaff = (actor: Actor): boolean => isSystem(actor) || actor.type === 'staff';
export const isAdmin = (actor: Actor): boolean => isSystem(actor) || (actor.type === 'staff' && actor.role === 'admin');
