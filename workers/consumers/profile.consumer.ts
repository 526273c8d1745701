import { channelContext } from '../../src/commands/inboxes/channel-context.js';
import {
  AttachmentModel,
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  InboxModel,
  type Attachment,
  type ContactIdentity,
} from '../../src/models/index.js';
import type { Act } from '../../src/commands/act.js';
import { onStore } from '../../src/storage/in-transaction.js';
import { cleanName } from '../../src/shared/clean-name.js';
import { copyPicture, UNCLAIMED } from '../copy-picture.js';
import { defineConsumer } from '../define-consumer.js';

const TIMEOUT = 10_000;

/** Asks the platform who a new contact is. Every failure means "no name": it never blocks a message (SPEC 2.3). */
export default defineConsumer({
  name: 'profile',
  events: ['identity.created'],
  wants: ({ data }, channels) => channels.get(data.channel)?.fetchProfile !== undefined,
  perform: async (hub, { data }) => {
    const identity = await onStore(ContactIdentityModel.findById(data.identity).lean().exec());
    const inbox = identity && (await onStore(InboxModel.findById(identity.inbox).lean().exec()));
    const adapter = inbox && hub.channels.get(inbox.channel);
    if (!identity || !inbox || adapter?.fetchProfile === undefined) return null;
    const context = channelContext(hub, inbox, AbortSignal.timeout(TIMEOUT));
    const profile = await adapter.fetchProfile(identity.externalId, context).catch((error: unknown) => {
      hub.logger.info('profile', 'a profile could not be fetched', { identity: data.identity, error });
      return null;
    });
    if (profile === null) return null;
    const avatar = profile.avatarUrl === null ? null : await copyPicture(hub, inbox.channel, profile.avatarUrl);
    return async (act) => {
      await keep(act, identity, { ...profile, avatar });
      const { session, now } = act;
      await ContactIdentityModel.updateOne({ _id: identity._id }, { $set: { profileFetchedAt: now } }, { session });
      const conversation = await ConversationModel.findOneAndUpdate(
        { identity: identity._id, current: true },
        { $inc: { version: 1 } },
        { session, returnDocument: 'after' },
      ).lean();
      if (conversation !== null) act.show(conversation);
    };
  },
});

/** What the platform does not tell, or a picture that could not be copied, leaves what we knew. */
async function keep(
  act: Act,
  identity: Pick<ContactIdentity, 'contact'>,
  { name, locale, avatar }: { name: string | null; locale: string | null; avatar: Attachment['_id'] | null },
): Promise<void> {
  const { session } = act;
  const shown = cleanName(name);
  const nameBy = shown === null ? null : 'platform';
  const told = Object.entries({ name: shown, nameBy, locale, avatar });
  const known = Object.fromEntries(told.filter(([, value]) => value !== null));
  const before = await ContactModel.findOneAndUpdate({ _id: identity.contact }, { $set: known }, { session }).lean();
  const data = { contact: String(identity.contact), fields: Object.keys(known) };
  if (data.fields.length > 0) act.record({ type: 'contact.changed', conversation: null, rev: null, data });
  if (before === null || avatar === null) return;
  await AttachmentModel.updateOne({ _id: avatar }, { $set: { owner: null } }, { session });
  if (before.avatar)
    await AttachmentModel.updateOne({ _id: before.avatar }, { $set: { owner: UNCLAIMED } }, { session });
}
