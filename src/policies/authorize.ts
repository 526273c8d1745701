import { AppError } from '../errors.js';
import type { Actor } from './actor.js';
import { can, type Ability, type SubjectsOf } from './index.js';

/** The policy table said no. Whoever answers the caller writes it down (`auditDenials`). */
export class AccessDenied extends AppError {
  readonly ability: Ability;
  /** `<noun>:<id>`, or null where the ability needs none. */
  readonly subject: string | null;

  constructor(ability: Ability, subject: string | null) {
    super(403, 'FORBIDDEN', 'You do not have permission to do this.');
    this.ability = ability;
    this.subject = subject;
  }
}

/**
 * Lets the call pass or refuses it (STYLE 5). It writes nothing, so that it may be called inside a transaction.
 * @throws AccessDenied
 */
export function authorize<A extends Ability>(actor: Actor, ability: A, ...subjects: SubjectsOf<A>): void {
  if (can(actor, ability, ...subjects)) return;
  const [noun] = ability.split('.');
  const [subject] = subjects as { _id: { toString(): string } }[];
  throw new AccessDenied(ability, subject === undefined ? null : `${noun}:${subject._id.toString()}`);
}
