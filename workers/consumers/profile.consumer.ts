import { channelContext } from '../../src/commands/outbound/part-call.js';
import { ContactIdentityModel, ContactModel, ConversationModel, InboxModel } from '../../src/models/index.js';
import type { Change } from '../../src/events/change.js';
import { onStore } from '../../src/storage/in-transaction.js';
import type { OutboxConsumer } from '../consumer.js';

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
    return async (session): Promise<Change[]> => {
      const known = Object.fromEntries(
        Object.entries({ name: profile.name, locale: profile.locale, avatarUrl: profile.avatarUrl }).filter(
          ([, value]) => value !== null,
        ),
      );
      await ContactModel.updateOne({ _id: identity.contact }, { $set: known }, { session });
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
