import type { Actor } from './actor.js';
import { POLICIES } from './table.js';

export * from './actor.js';
export type { ConversationSubject } from './conversation.js';

type Policies = typeof POLICIES;

/** Everything anybody may be allowed to do. */
export type Ability = keyof Policies;

/** What an ability's rule looks at besides the actor; nothing for those that depend on the actor alone. */
export type SubjectsOf<A extends Ability> = Policies[A] extends (actor: Actor) => boolean
  ? []
  : Policies[A] extends (actor: Actor, subject: infer S) => boolean
    ? [subject: S]
    : never;

/** Abilities that depend on the actor alone; routes check them before their handler runs. */
export type StandingAbility = { [A in Ability]: SubjectsOf<A> extends [] ? A : never }[Ability];

type AnyRule = (actor: Actor, subject?: unknown) => boolean;

/** Whether an ability needs no subject: a rule that looks at one takes two arguments. */
export const isStanding = (ability: Ability): ability is StandingAbility => POLICIES[ability].length < 2;

/** Whether the actor may do it. Pure. A program may only what its key names. */
export function can<A extends Ability>(actor: Actor, ability: A, ...[subject]: SubjectsOf<A>): boolean {
  if (actor.type === 'apiKey' && !actor.abilities.includes(ability)) return false;
  if (!isStanding(ability) && subject === undefined) return false;
  return (POLICIES[ability] as AnyRule)(actor, subject);
}

/** A route or socket event has no row in the policy table; the boot stops (DESIGN 8). */
export class PolicyMissingError extends Error {
  override readonly name = 'PolicyMissingError';
}

/**
 * Checks that everything that can be called has a rule.
 * @param callables what can be called, with the ability it asks for.
 * @throws PolicyMissingError naming every one without a rule.
 */
export function assertPolicies(callables: Iterable<{ name: string; ability: string | undefined }>): void {
  const missing = [...callables].filter(({ ability }) => ability === undefined || !Object.hasOwn(POLICIES, ability));
  if (missing.length === 0) return;
  const lines = missing.map(({ name, ability }) => `  ${name}: ${ability ?? 'no ability named'}`);
  throw new PolicyMissingError(`These have no row in the policy table:\n${lines.join('\n')}`);
}
