import type { ClientSession } from 'mongoose';
import { channelContext } from '../../src/commands/outbound/part-call.js';
import {
  AttachmentModel,
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  InboxModel,
  type Attachment,
  type ContactIdentity,
} from '../../src/models/index.js';
import type { Change } from '../../src/events/change.js';
import { onStore } from '../../src/storage/in-transaction.js';
import { cleanName } from '../../src/utils/clean-name.js';
import type { OutboxConsumer } from '../consumer.js';
import { copyPicture, UNCLAIMED } from '../copy-picture.js';

const TIMEOUT = 10_000;

/** Asks the platform who a new contact is. Every failure means "no name": it never blocks a message (SPEC 2.3). */
export default {
  name: 'profile',
  events: ['identity.created'],
  wants: (event) => event.type === 'identity.created' && event.data.canFetchProfile,
  perform: async (hub, row) => {
    const { identityId } = row.data as { identityId: string };
    const identity = await onStore(ContactIdentityModel.findById(identityId).lean().exec());
    const inbox = identity && (await onStore(InboxModel.findById(identity.inbox).lean().exec()));
    const adapter = inbox && hub.channels.get(inbox.channel);
    if (!identity || !inbox || adapter?.fetchProfile === undefined) return null;
    const context = channelContext(hub, inbox, AbortSignal.timeout(TIMEOUT));
    const profile = await adapter.fetchProfile(identity.externalId, context).catch((error: unknown) => {
      hub.logger.info('profile', 'a profile could not be fetched', { identity: identityId, error });
      return null;
    });
    if (profile === null) return null;
    const avatar = profile.avatarUrl === null ? null : await copyPicture(hub, inbox.channel, profile.avatarUrl);
    return async (session): Promise<Change[]> => {
      await keep(identity, { ...profile, avatar }, session);
      await ContactIdentityModel.updateOne(
        { _id: identity._id },
        { $set: { profileFetchedAt: new Date(hub.now()) } },
        { session },
      );
      const conversation = await ConversationModel.findOneAndUpdate(
        { identity: identity._id, current: true },
        { $inc: { version: 1 } },
        { session, returnDocument: 'after' },
      ).lean();
      return conversation === null ? [] : [{ type: 'conversation', conversation, created: false, messages: [] }];
    };
  },
} satisfies OutboxConsumer;

/** What the platform does not tell, or a picture that could not be copied, leaves what we knew. */
async function keep(
  identity: Pick<ContactIdentity, 'contact'>,
  { name, locale, avatar }: { name: string | null; locale: string | null; avatar: Attachment['_id'] | null },
  session: ClientSession,
): Promise<void> {
  const shown = cleanName(name);
  const nameBy = shown === null ? null : 'platform';
  const told = Object.entries({ name: shown, nameBy, locale, avatar });
  const known = Object.fromEntries(told.filter(([, value]) => value !== null));
  const before = await ContactModel.findOneAndUpdate({ _id: identity.contact }, { $set: known }, { session }).lean();
  if (before === null || avatar === null) return;
  await AttachmentModel.updateOne({ _id: avatar }, { $set: { owner: null } }, { session });
  if (before.avatar)
    await AttachmentModel.updateOne({ _id: before.avatar }, { $set: { owner: UNCLAIMED } }, { session });
}
