import { ContactIdentityModel, InboxModel, type Conversation } from '../../models/index.js';
import type { Hub } from '../../hub.js';
import { channelContext } from '../inboxes/channel-context.js';

/** A platform is told again only after this long; its own mark outlasts this. Milliseconds. */
const AGAIN_AFTER = 8_000;
const TIMEOUT = 5_000;
const MOST_REMEMBERED = 5_000;

const told = new Map<string, number>();

/**
 * Shows the contact on their platform that an agent writes, if their channel can, at most every 8 s; or that the agent has
 * stopped, if they were told of the writing. Best effort.
 */
export async function signalTyping(hub: Hub, conversation: Conversation, isTyping: boolean): Promise<void> {
  const adapter = hub.channels.get(conversation.channel);
  const key = String(conversation._id);
  if (!adapter?.capabilities.typing || adapter.signal === undefined) return;
  const toldAt = told.get(key);
  if (isTyping ? hub.now() - (toldAt ?? 0) < AGAIN_AFTER : toldAt === undefined) return;
  if (told.size > MOST_REMEMBERED) told.clear();
  if (isTyping) told.set(key, hub.now());
  else told.delete(key);
  try {
    const inbox = await InboxModel.findById(conversation.inbox).lean();
    const identity = await ContactIdentityModel.findById(conversation.identity, 'externalId').lean();
    if (inbox === null || identity === null || inbox.sendHold) return;
    const context = channelContext(hub, inbox, AbortSignal.timeout(TIMEOUT));
    await adapter.signal(isTyping ? 'typing_on' : 'typing_off', identity.externalId, context);
  } catch (error) {
    hub.logger.debug('typing', 'the platform was not told whether an agent writes', { conversation: key, error });
  }
}
