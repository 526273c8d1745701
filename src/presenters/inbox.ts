import type { Inbox } from '../models/index.js';
import type { InboxDto } from '../shared/schemas/inbox.js';

/** An inbox as staff see it; credentials never leave. */
export const presentInbox = (inbox: Inbox): InboxDto => ({
  id: inbox._id.toString(),
  channel: inbox.channel,
  name: inbox.name,
  key: inbox.accountId,
  state: inbox.state,
  allowedOrigins: inbox.allowedOrigins,
  memberIds: inbox.members.map(String),
  hold: inbox.sendHold ? { reason: inbox.sendHold.reason, until: inbox.sendHold.until?.getTime() ?? null } : null,
  lastEventInAt: inbox.lastEventInAt?.getTime() ?? null,
  lastEventOutAt: inbox.lastEventOutAt?.getTime() ?? null,
  settings: inbox.settings as Record<string, unknown>,
});
