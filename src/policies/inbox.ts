import type { Actor } from './actor.js';
import { isAdmin, isStaff } from './roles.js';

/** Who may see and change inboxes and what they received (SPEC 3.2). */
export const inboxPolicies = {
  'inbox.list': isStaff,
  'inbox.manage': isAdmin,
  /** Events that could not be applied: seeing and replaying them. */
  'webhookEvent.manage': isAdmin,
} as const satisfies Record<string, (actor: Actor) => boolean>;
