import { channelContext } from '../../src/commands/outbound/part-call.js';
import { ContactIdentityModel, InboxModel } from '../../src/models/index.js';
import { onStore } from '../../src/storage/in-transaction.js';
import type { OutboxConsumer } from '../consumer.js';

const TIMEOUT = 10_000;

/** Shows the contact on their platform that the team has read. Best effort: a failure is not tried again. */
export default {
  name: 'seen',
  events: ['conversation.readByTeam'],
  wants: (event) => event.type === 'conversation.readByTeam' && event.data.canShowRead,
  perform: async (hub, row) => {
    const { identityId } = row.data as { identityId: string };
    const identity = await onStore(ContactIdentityModel.findById(identityId, 'inbox externalId').lean().exec());
    const inbox = identity && (await onStore(InboxModel.findById(identity.inbox).lean().exec()));
    const adapter = inbox && hub.channels.get(inbox.channel);
    if (!identity || !inbox || !adapter?.capabilities.readReceipts || adapter.signal === undefined || inbox.sendHold)
      return null;
    try {
      await adapter.signal('mark_seen', identity.externalId, channelContext(hub, inbox, AbortSignal.timeout(TIMEOUT)));
    } catch (error) {
      hub.logger.info('seen', 'the platform was not told that the team has read', { identity: identityId, error });
    }
    return null;
  },
} satisfies OutboxConsumer;
