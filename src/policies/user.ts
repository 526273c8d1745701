import type { User } from '../models/index.js';
import type { Actor } from './actor.js';
import { isAdmin, isStaff, isSystem, leadsPeople } from './roles.js';

/** Who may see and change accounts (SPEC 3.2). */
export const userPolicies = {
  'profile.view': isStaff,
  'user.list': isStaff,
  'user.manage': isAdmin,
  /** Saying that somebody is there or away: oneself, and whoever leads people. */
  'user.setAvailability': (actor, user) =>
    leadsPeople(actor) || (actor.type === 'staff' && user._id.toString() === actor.userId),
  /** Nobody who is logged in: set-up happens before there is anybody. */
  'installation.setUp': isSystem,
} as const satisfies Record<string, (actor: Actor, user: Pick<User, '_id'>) => boolean>;
