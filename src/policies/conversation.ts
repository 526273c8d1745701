import type { Conversation } from '../models/index.js';
import type { Actor, StaffActor } from './actor.js';

/** What the rules about a conversation look at. */
export type ConversationSubject = Pick<Conversation, '_id' | 'inbox' | 'assignee' | 'identity'>;

type Rule = (actor: Actor, conversation: ConversationSubject) => boolean;

const holds = (actor: StaffActor, conversation: ConversationSubject): boolean =>
  conversation.assignee?.toString() === actor.userId;

const isMember = (actor: StaffActor, conversation: ConversationSubject): boolean =>
  actor.inboxIds.includes(conversation.inbox.toString());

/** Admins; supervisors in their inboxes. */
const leads = (actor: StaffActor, conversation: ConversationSubject): boolean =>
  actor.role === 'admin' || (actor.role === 'supervisor' && isMember(actor, conversation));

const mayClaim = (actor: StaffActor, conversation: ConversationSubject): boolean =>
  conversation.assignee === null && (leads(actor, conversation) || isMember(actor, conversation));

const staff =
  (rule: (actor: StaffActor, conversation: ConversationSubject) => boolean): Rule =>
  (actor, conversation) =>
    actor.type === 'system' || (actor.type === 'staff' && rule(actor, conversation));

/** The same, and the customer whose thread it is. */
const staffAndOwner =
  (rule: (actor: StaffActor, conversation: ConversationSubject) => boolean): Rule =>
  (actor, conversation) =>
    actor.type === 'visitor'
      ? conversation.identity.toString() === actor.identityId && conversation.inbox.toString() === actor.inboxId
      : staff(rule)(actor, conversation);

const sees = (actor: StaffActor, conversation: ConversationSubject): boolean =>
  leads(actor, conversation) || holds(actor, conversation) || mayClaim(actor, conversation);

const handles = (actor: StaffActor, conversation: ConversationSubject): boolean =>
  leads(actor, conversation) || holds(actor, conversation);

/** Who may do what with a conversation (SPEC 3.2). */
export const conversationPolicies = {
  'conversation.view': staffAndOwner(sees),
  'conversation.read': staffAndOwner(sees),
  /** An agent who answers an unassigned conversation claims it by that. */
  'conversation.send': staffAndOwner(sees),
  'conversation.note': staff(sees),
  /** Taking an unassigned conversation oneself. */
  'conversation.claim': staff(mayClaim),
  /** Giving it to somebody or back to the queue; agents only what they hold. */
  'conversation.assign': staff(handles),
  'conversation.changeStatus': staff(handles),
} as const satisfies Record<string, Rule>;
