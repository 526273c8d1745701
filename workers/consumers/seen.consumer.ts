import { channelContext } from '../../src/commands/inboxes/channel-context.js';
import { ContactIdentityModel, InboxModel } from '../../src/models/index.js';
import { onStore } from '../../src/storage/in-transaction.js';
import { defineConsumer } from '../define-consumer.js';

const TIMEOUT = 10_000;

/** Shows the contact on their platform that the team has read. Best effort: a failure is not tried again. */
export default defineConsumer({
  name: 'seen',
  events: ['conversation.readByTeam'],
  wants: ({ data }, channels) => {
    const adapter = channels.get(data.channel);
    return adapter?.capabilities.readReceipts === true && adapter.signal !== undefined;
  },
  perform: async (hub, { data }) => {
    const identity = await onStore(ContactIdentityModel.findById(data.identity, 'inbox externalId').lean().exec());
    const inbox = identity && (await onStore(InboxModel.findById(identity.inbox).lean().exec()));
    const adapter = inbox && hub.channels.get(inbox.channel);
    if (!identity || !inbox || adapter?.signal === undefined || inbox.sendHold) return null;
    try {
      await adapter.signal('mark_seen', identity.externalId, channelContext(hub, inbox, AbortSignal.timeout(TIMEOUT)));
    } catch (error) {
      hub.logger.info('seen', 'the platform was not told that the team has read', { identity: data.identity, error });
    }
    return null;
  },
});
