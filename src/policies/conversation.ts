import type { Conversation } from '../models/index.js';
import { canSee, leads, mayTake, placeOf, type Place, type Viewer } from '../shared/conversation-rights.js';
import { viewerOf, type Actor } from './actor.js';

/** What the rules about a conversation look at. */
export type ConversationSubject = Pick<Conversation, '_id' | 'inbox' | 'team' | 'assignee' | 'identity' | 'contact'>;

type Rule = (actor: Actor, conversation: ConversationSubject) => boolean;

/** The hub; and whoever sees conversations of others, by the rule. */
const team =
  (rule: (viewer: Viewer, place: Place) => boolean): Rule =>
  (actor, conversation) => {
    const viewer = viewerOf(actor);
    return actor.type === 'system' || (viewer !== null && rule(viewer, placeOf(conversation)));
  };

const isOwner: Rule = (actor, { identity, inbox, contact }) => {
  if (actor.type === 'visitor') return String(identity) === actor.identityId && String(inbox) === actor.inboxId;
  return actor.type === 'customer' && String(contact) === actor.contactId;
};

/** The same, and the customer whose thread it is. */
const teamAndOwner = (rule: (viewer: Viewer, place: Place) => boolean): Rule => {
  const ofTeam = team(rule);
  return (actor, conversation) => isOwner(actor, conversation) || ofTeam(actor, conversation);
};

const handles = (viewer: Viewer, place: Place): boolean => leads(viewer, place) || place.holder === viewer.userId;

/** Who may do what with a conversation (SPEC 3.2). */
export const conversationPolicies = {
  'conversation.view': teamAndOwner(canSee),
  'conversation.read': teamAndOwner(canSee),
  /** An agent who answers an unassigned conversation claims it by that. */
  'conversation.send': teamAndOwner(canSee),
  'conversation.note': team(canSee),
  /** Taking an unassigned conversation oneself. */
  'conversation.claim': team(mayTake),
  /** Giving it to somebody or back to the queue; agents only what they hold. */
  'conversation.assign': team(handles),
  'conversation.changeStatus': team(handles),
} as const satisfies Record<string, Rule>;
