import { ConversationModel, type ContactIdentity, type Conversation, type Inbox } from '../../models/index.js';
import type { Act } from '../act.js';
import { nextTicketNumber } from './ticket-numbers.js';

/** What lands: the contact's own words and acts, what our side wrote elsewhere, or a line of the system. */
export type LandingKind = 'contact' | 'ours' | 'activity';

/**
 * The conversation in which something unaddressed lands (PROTOCOLS 3): the identity's current one; without one, the last closed
 * one if this is older than our last message there (or is no message of the contact); else a new one, linked to it.
 */
export async function landingConversation(
  act: Act,
  inbox: Inbox,
  identity: ContactIdentity,
  landing: { kind: LandingKind; at: Date },
): Promise<{ conversation: Conversation; created: boolean }> {
  const { session } = act;
  const current = await ConversationModel.findOne({ identity: identity._id, current: true }, null, { session }).lean();
  if (current !== null) return { conversation: current, created: false };

  const last = await ConversationModel.findOne({ identity: identity._id }, null, { session, sort: { _id: -1 } }).lean();
  if (last !== null) {
    const answered = last.lastOurOrderAt?.getTime() ?? 0;
    if (landing.kind !== 'contact' || landing.at.getTime() < answered) return { conversation: last, created: false };
  }
  return { conversation: await beginConversation(act, inbox, identity, last), created: true };
}

async function beginConversation(
  act: Act,
  inbox: Inbox,
  identity: ContactIdentity,
  previous: Conversation | null,
): Promise<Conversation> {
  const [created] = await ConversationModel.create(
    [
      {
        number: await nextTicketNumber(),
        inbox: inbox._id,
        channel: inbox.channel,
        contact: identity.contact,
        identity: identity._id,
        current: true,
        previous: previous?._id ?? null,
        lastActivityAt: act.now,
        createdAt: act.now,
      },
    ],
    { session: act.session, ordered: true },
  );
  if (created === undefined) throw new Error('the store answered an insert without its document');
  const conversation = created.toObject<Conversation>();
  act.record({
    type: 'conversation.created',
    conversation: String(conversation._id),
    rev: null,
    data: {
      inbox: String(inbox._id),
      channel: inbox.channel,
      contact: String(identity.contact),
      previous: previous === null ? null : String(previous._id),
    },
  });
  act.show(conversation, { created: true });
  return conversation;
}
