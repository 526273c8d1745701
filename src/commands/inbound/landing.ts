import mongoose, { type ClientSession } from 'mongoose';
import {
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  type ContactIdentity,
  type Conversation,
  type Inbox,
} from '../../models/index.js';
import { recordEvent } from '../../events/record-event.js';
import type { Aftermath } from '../aftermath.js';
import type { Hub } from '../hub.js';
import { nextTicketNumber } from '../ticket-numbers.js';

interface Visit {
  inbox: Inbox;
  externalId: string;
  /** When the contact did what opens the reply window; null: nothing of the kind. */
  openedWindowAt: Date | null;
  name?: string | null;
}

/**
 * Finds or makes the identity and writes it: two transactions of one contact conflict on it and never commit side by side
 * (PROTOCOLS 1, write skew). The first statement about a contact in every inbound transaction.
 */
export async function touchIdentity(
  hub: Hub,
  session: ClientSession,
  aftermath: Aftermath,
  visit: Visit,
): Promise<ContactIdentity> {
  const { inbox, externalId, openedWindowAt } = visit;
  const touched = await ContactIdentityModel.findOneAndUpdate(
    { inbox: inbox._id, externalId },
    { $inc: { touches: 1 }, ...(openedWindowAt === null ? {} : { $max: { lastInboundAt: openedWindowAt } }) },
    { session, returnDocument: 'after' },
  ).lean();
  if (touched !== null) return touched;

  const now = new Date(hub.now());
  const contact = new mongoose.Types.ObjectId();
  await ContactModel.create([{ _id: contact, name: visit.name ?? null, createdAt: now }], { session, ordered: true });
  const [identity] = await ContactIdentityModel.create(
    [{ inbox: inbox._id, externalId, contact, touches: 1, lastInboundAt: openedWindowAt, createdAt: now }],
    { session, ordered: true },
  );
  if (identity === undefined) throw new Error('the store answered an insert without its document');
  const owing = await recordEvent(session, hub.consumers, {
    type: 'identity.created',
    conversation: null,
    data: {
      identityId: identity.id as string,
      canFetchProfile: hub.channels.get(inbox.channel)?.fetchProfile !== undefined,
    },
  });
  for (const consumer of owing) aftermath.consumers.add(consumer);
  return identity.toObject();
}

/** What lands: the contact's own words and acts, what our side wrote elsewhere, or a line of the system. */
export type LandingKind = 'contact' | 'ours' | 'activity';

/**
 * The conversation in which something unaddressed lands (PROTOCOLS 3): the identity's current one; without one, the last closed
 * one if this is older than our last message there (or is no message of the contact); else a new one, linked to it.
 */
export async function landingConversation(
  hub: Hub,
  session: ClientSession,
  inbox: Inbox,
  identity: ContactIdentity,
  landing: { kind: LandingKind; at: Date },
): Promise<{ conversation: Conversation; created: boolean }> {
  const current = await ConversationModel.findOne({ identity: identity._id, current: true }, null, { session }).lean();
  if (current !== null) return { conversation: current, created: false };

  const last = await ConversationModel.findOne({ identity: identity._id }, null, { session, sort: { _id: -1 } }).lean();
  if (last !== null) {
    const answered = last.lastOurOrderAt?.getTime() ?? 0;
    if (landing.kind !== 'contact' || landing.at.getTime() < answered) return { conversation: last, created: false };
  }
  const now = new Date(hub.now());
  const [created] = await ConversationModel.create(
    [
      {
        number: await nextTicketNumber(),
        inbox: inbox._id,
        channel: inbox.channel,
        contact: identity.contact,
        identity: identity._id,
        current: true,
        previous: last?._id ?? null,
        lastActivityAt: now,
        createdAt: now,
      },
    ],
    { session, ordered: true },
  );
  if (created === undefined) throw new Error('the store answered an insert without its document');
  return { conversation: created.toObject(), created: true };
}
