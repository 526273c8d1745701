import { ContactIdentityModel, InboxModel, type Conversation } from '../models/index.js';
import type { Hub } from './hub.js';
import { channelContext } from './outbound/part-call.js';

/** A platform is told again only after this long; its own mark outlasts this. Milliseconds. */
const AGAIN_AFTER = 8_000;
const TIMEOUT = 5_000;
const MOST_REMEMBERED = 5_000;

const told = new Map<string, number>();

/** Shows the contact on their platform that an agent writes, if their channel can. Best effort, at most every 8 s. */
export async function signalTyping(hub: Hub, conversation: Conversation): Promise<void> {
  const adapter = hub.channels.get(conversation.channel);
  const key = String(conversation._id);
  if (!adapter?.capabilities.typing || adapter.signal === undefined) return;
  if (hub.now() - (told.get(key) ?? 0) < AGAIN_AFTER) return;
  if (told.size > MOST_REMEMBERED) told.clear();
  told.set(key, hub.now());
  try {
    const inbox = await InboxModel.findById(conversation.inbox).lean();
    const identity = await ContactIdentityModel.findById(conversation.identity, 'externalId').lean();
    if (inbox === null || identity === null || inbox.sendHold) return;
    await adapter.signal('typing_on', identity.externalId, channelContext(hub, inbox, AbortSignal.timeout(TIMEOUT)));
  } catch (error) {
    hub.logger.debug('typing', 'the platform was not told that an agent writes', { conversation: key, error });
  }
}
