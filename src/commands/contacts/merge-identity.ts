import type { ClientSession } from 'mongoose';
import {
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  type ContactIdentity,
  type Conversation,
} from '../../models/index.js';
import type { Act } from '../act.js';

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
 * Gives everything of one identity to another of the same inbox, and shows the conversations that moved. Where both have a live
 * thread, the one with later activity stays it. The emptied identity belongs to the other's contact from then on, and keeps its past
 * messages' authorship; its tokens have to be ended in the same act.
 */
export async function mergeIdentity(unit: Act, from: ContactIdentity, into: ContactIdentity): Promise<void> {
  const { session } = unit;
  await ContactIdentityModel.updateOne({ _id: into._id }, { $inc: { touches: 1 } }, { session });
  const owned = { $set: { contact: into.contact }, $inc: { touches: 1 } };
  await ContactIdentityModel.updateOne({ _id: from._id }, owned, { session });
  await moveConversations(unit, from, into);
  const isUsed = await ContactIdentityModel.exists({ contact: from.contact }).session(session);
  if (isUsed === null) await ContactModel.deleteOne({ _id: from.contact }, { session });
}

async function moveConversations(unit: Act, from: ContactIdentity, into: ContactIdentity): Promise<void> {
  const { session } = unit;
  const moving = await ConversationModel.find({ identity: from._id }, null, { session })
    .sort({ _id: -1 })
    .limit(MOST)
    .lean();
  const coming = moving.find((conversation) => conversation.current);
  const standing = await ConversationModel.findOne({ identity: into._id, current: true }, null, { session }).lean();
  const comingStays =
    coming !== undefined && (standing === null || coming.lastActivityAt.getTime() >= standing.lastActivityAt.getTime());

  if (comingStays && standing !== null) await change(unit, standing, { current: false });
  for (const conversation of moving) {
    const owner = { identity: into._id, contact: into.contact };
    await change(unit, conversation, { ...owner, current: conversation.current && comingStays });
  }
}

async function change(
  unit: Act,
  { _id }: Conversation,
  fields: Partial<Pick<Conversation, 'identity' | 'contact' | 'current'>>,
): Promise<void> {
  const changed = await ConversationModel.findByIdAndUpdate(
    _id,
    { $set: fields, $inc: { version: 1 } },
    { session: unit.session, returnDocument: 'after' },
  ).lean();
  if (changed !== null) unit.show(changed);
}
