import type { Actor } from './actor.js';
import { conversationPolicies, type ConversationSubject } from './conversation.js';
import { inboxPolicies } from './inbox.js';
import { uploadPolicies } from './upload.js';
import { userPolicies } from './user.js';
import { visitPolicies } from './visit.js';

export * from './actor.js';
export type { ConversationSubject } from './conversation.js';

/** Abilities that depend on the actor alone; routes check them before their handler runs. */
const standingPolicies = { ...inboxPolicies, ...uploadPolicies, ...userPolicies, ...visitPolicies };

export type StandingAbility = keyof typeof standingPolicies;
export type ConversationAbility = keyof typeof conversationPolicies;

/** Everything anybody may be allowed to do. One table for routes and sockets (SPEC 3.2). */
export type Ability = StandingAbility | ConversationAbility;

/** Whether an ability needs no subject. */
export const isStanding = (ability: Ability): ability is StandingAbility => Object.hasOwn(standingPolicies, ability);

/** Whether the actor may do it. Pure. */
export function can(actor: Actor, ability: StandingAbility): boolean;
export function can(actor: Actor, ability: ConversationAbility, subject: ConversationSubject): boolean;
export function can(actor: Actor, ability: Ability, subject?: ConversationSubject): boolean {
  if (isStanding(ability)) return standingPolicies[ability](actor);
  return subject !== undefined && conversationPolicies[ability](actor, subject);
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
  const missing = [...callables].filter(
    ({ ability }) =>
      ability === undefined ||
      !(Object.hasOwn(standingPolicies, ability) || Object.hasOwn(conversationPolicies, ability)),
  );
  if (missing.length === 0) return;
  const lines = missing.map(({ name, ability }) => `  ${name}: ${ability ?? 'no ability named'}`);
  throw new PolicyMissingError(`These have no row in the policy table:\n${lines.join('\n')}`);
}

/** Which conversations a list or room may show: everything, all of some inboxes, or the unassigned of some and one's own. */
export interface VisibleScope {
  /** Every inbox, present and future. */
  everything: boolean;
  /** Inboxes of which everything is visible. */
  supervised: readonly string[];
  /** Inboxes of which the unassigned are visible. */
  unassigned: readonly string[];
}

/** The scope of list queries and rooms; what `conversation.view` allows, said as a query. Visitors see no lists. */
export function visibleScope(actor: Actor): VisibleScope {
  if (actor.type === 'visitor') return { everything: false, supervised: [], unassigned: [] };
  if (actor.type === 'system' || actor.role === 'admin') return { everything: true, supervised: [], unassigned: [] };
  const supervised = actor.role === 'supervisor' ? actor.inboxIds : [];
  return { everything: false, supervised, unassigned: actor.inboxIds };
}
