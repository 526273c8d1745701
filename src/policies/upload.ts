import type { Actor } from './actor.js';

/** Who may upload files (SPEC 5.2). */
export const uploadPolicies = {
  /** Everybody with a token; an upload may be attached by its uploader only. */
  'upload.create': (actor) => actor.type !== 'stranger',
} as const satisfies Record<string, (actor: Actor) => boolean>;
