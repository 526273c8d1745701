import type { ClientSession } from 'mongoose';
import {
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  type ContactIdentity,
  type Conversation,
} from '../../models/index.js';

/** What begins the external id of a user whom their website vouches for; others are merged into such identities only. */
export const VOUCHED = 'user:';
/** Identities whose latest messages may still be sent again. */
const MOST_FORMER = 20;

/** The identities under which a vouched visitor may have written or uploaded before they were known, newest first. */
export async function formerIdentities(
  { _id, inbox, contact, externalId }: ContactIdentity,
  session: ClientSession,
): Promise<string[]> {
  if (!externalId.startsWith(VOUCHED)) return [];
  const former = await ContactIdentityModel.find({ contact, inbox, _id: { $ne: _id } }, '_id', {
    session,
    sort: { _id: -1 },
    limit: MOST_FORMER,
  }).lean();
  return former.map((identity) => String(identity._id));
}

/** More conversations than an anonymous visitor ever has; a command touches at most 200 documents (PROTOCOLS 1). */
const MOST = 100;

/**
 * Gives everything of one identity to another of the same inbox, within a transaction. Where both have a live thread, the one
 * with later activity stays it. The emptied identity belongs to the other's contact from then on, and keeps its past messages'
 * authorship; its tokens have to be ended in the same transaction.
 * @returns the moved and changed conversations as they are now.
 */
export async function mergeIdentity(
  from: ContactIdentity,
  into: ContactIdentity,
  session: ClientSession,
): Promise<Conversation[]> {
  await ContactIdentityModel.updateOne({ _id: into._id }, { $inc: { touches: 1 } }, { session });
  await ContactIdentityModel.updateOne(
    { _id: from._id },
    { $set: { contact: into.contact }, $inc: { touches: 1 } },
    { session },
  );
  const changed = await moveConversations(from, into, session);
  const isUsed = await ContactIdentityModel.exists({ contact: from.contact }).session(session);
  if (isUsed === null) await ContactModel.deleteOne({ _id: from.contact }, { session });
  return changed;
}

async function moveConversations(
  from: ContactIdentity,
  into: ContactIdentity,
  session: ClientSession,
): Promise<Conversation[]> {
  const moving = await ConversationModel.find({ identity: from._id })
    .sort({ _id: -1 })
    .limit(MOST)
    .session(session)
    .lean<Conversation[]>()
    .exec();
  const coming = moving.find((conversation) => conversation.current);
  const standing = await ConversationModel.findOne({ identity: into._id, current: true })
    .session(session)
    .lean<Conversation>()
    .exec();
  const comingStays =
    coming !== undefined && (standing === null || coming.lastActivityAt.getTime() >= standing.lastActivityAt.getTime());

  const changed: (Conversation | null)[] = [];
  if (comingStays && standing !== null) changed.push(await change(standing, { current: false }, session));
  for (const conversation of moving) {
    const owner = { identity: into._id, contact: into.contact };
    const current = conversation.current && comingStays;
    changed.push(await change(conversation, { ...owner, current }, session));
  }
  return changed.filter((conversation) => conversation !== null);
}

const change = (
  conversation: Conversation,
  fields: Partial<Pick<Conversation, 'identity' | 'contact' | 'current'>>,
  session: ClientSession,
): Promise<Conversation | null> =>
  ConversationModel.findByIdAndUpdate(
    conversation._id,
    { $set: fields, $inc: { version: 1 } },
    { session, returnDocument: 'after' },
  )
    .lean<Conversation>()
    .exec();
