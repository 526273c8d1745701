import type { Actor } from './actor.js';
import { isAdmin, isStaff, isSystem } from './roles.js';

/** Who may see and change accounts (SPEC 3.2). */
export const userPolicies = {
  'profile.view': isStaff,
  'user.list': isStaff,
  'user.manage': isAdmin,
  /** Nobody who is logged in: set-up happens before there is anybody. */
  'installation.setUp': isSystem,
} as const satisfies Record<string, (actor: Actor) => boolean>;
