import type { ContactIdentity } from '../models/index.js';
import type { ReadScope, Viewer } from '../shared/conversation-rights.js';
import type { Mover } from '../shared/conversation-status.js';
import type { Role } from '../shared/words.js';

/** A logged-in member of the team. */
export interface StaffActor {
  type: 'staff';
  userId: string;
  name: string;
  role: Exclude<Role, 'customer'>;
  /** How far they see. */
  scope: ReadScope;
  /** Inboxes and teams they are a member of; with the scope `all` their rights do not depend on it. */
  inboxIds: readonly string[];
  teamIds: readonly string[];
  sessionId: string;
  scopeRev: number;
}

/** Somebody who writes in: one identity in one inbox. */
export interface VisitorActor {
  type: 'visitor';
  identityId: string;
  contactId: string;
  inboxId: string;
  /** Of the token they came with; see `tokenEpoch` of the identity. */
  epoch: number;
}

/** A customer who has logged in: all their identities are theirs. */
export interface CustomerActor {
  type: 'customer';
  userId: string;
  contactId: string;
}

/** A bot that takes part in conversations. */
export interface BotActor {
  type: 'bot';
  botId: string;
}

/** A program with a key: abilities that its owner has given it, as far as its scope goes. */
export interface ApiKeyActor {
  type: 'apiKey';
  keyId: string;
  abilities: readonly string[];
  scope: ReadScope;
  inboxIds: readonly string[];
  teamIds: readonly string[];
}

/** The hub itself: workers, consumers, commands on nobody's behalf. */
export interface SystemActor {
  type: 'system';
}

/** Somebody whom nobody knows yet: who is just proving who they are, or is new on a website. */
export interface StrangerActor {
  type: 'stranger';
}

/** Who wants to do something. */
export type Actor = StaffActor | VisitorActor | CustomerActor | BotActor | ApiKeyActor | SystemActor | StrangerActor;

export const SYSTEM: SystemActor = { type: 'system' };
export const STRANGER: StrangerActor = { type: 'stranger' };

/** Whoever an identity is, with the tokens that it has now. */
export const visitorOf = ({
  _id,
  contact,
  inbox,
  tokenEpoch,
}: Pick<ContactIdentity, '_id' | 'contact' | 'inbox' | 'tokenEpoch'>): VisitorActor => ({
  type: 'visitor',
  identityId: String(_id),
  contactId: String(contact),
  inboxId: String(inbox),
  epoch: tokenEpoch ?? 0,
});

/** How audit events, domain events and senders name an actor. */
export function actorKey(actor: Actor): string {
  switch (actor.type) {
    case 'staff':
      return `user:${actor.userId}`;
    case 'visitor':
      return `identity:${actor.identityId}`;
    case 'customer':
      return `customer:${actor.userId}`;
    case 'bot':
      return `bot:${actor.botId}`;
    case 'apiKey':
      return `key:${actor.keyId}`;
    case 'system':
    case 'stranger':
      return actor.type;
  }
}

/** How an actor stands in the table of legal moves. */
export function moverOf({ type }: Actor): Mover {
  if (type === 'visitor' || type === 'customer' || type === 'stranger') return 'customer';
  return type === 'staff' || type === 'apiKey' ? 'staff' : 'system';
}

/** Whoever sees conversations of others; null: they see their own threads at most, or everything (the hub). */
export function viewerOf(actor: Actor): Viewer | null {
  if (actor.type === 'staff') return actor;
  if (actor.type !== 'apiKey') return null;
  const { scope, inboxIds, teamIds } = actor;
  return { userId: '', scope, inboxIds, teamIds };
}
