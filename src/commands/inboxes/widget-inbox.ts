import { forbidden, notFound } from '../../errors.js';
import { InboxModel, type Inbox } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { ChannelAdapter } from '../../../channels/types.js';
import type { Hub } from '../../hub.js';

/** Whether inboxes of the channel are reached by our own widget and named by a key that we make. */
export const isWidgetChannel = (adapter: ChannelAdapter): boolean => adapter.verifyWebhook === undefined;

const widgetChannels = (hub: Hub): string[] =>
  [...hub.channels.values()].filter(isWidgetChannel).map((adapter) => adapter.name);

/** The inbox a widget's key names. @throws AppError 404 when there is none or it was disconnected. */
export async function findWidgetInbox(hub: Hub, key: string): Promise<Inbox> {
  const inbox = await onStore(
    InboxModel.findOne({ channel: { $in: widgetChannels(hub) }, accountId: key })
      .lean<Inbox>()
      .exec(),
  );
  if (inbox === null || inbox.state === 'disconnected') throw notFound('This chat');
  return inbox;
}

/** The key of the oldest inbox that a widget can be on, for the demo shop; null: there is none. */
export async function findDemoInboxKey(hub: Hub): Promise<string | null> {
  const channel = { $in: widgetChannels(hub) };
  const inbox = await onStore(InboxModel.findOne({ channel }, { accountId: 1 }).sort({ _id: 1 }).lean().exec());
  return inbox?.accountId ?? null;
}

/**
 * Whether pages of this origin may use the inbox: our own always, others when listed, all while nothing is listed (for
 * development). Requests without an Origin are refused once something is listed.
 */
export function mayUseInbox(hub: Hub, inbox: Pick<Inbox, 'allowedOrigins'>, origin: string | null): boolean {
  if (inbox.allowedOrigins.length === 0) return true;
  if (origin === null) return false;
  return inbox.allowedOrigins.includes(origin) || origin === new URL(hub.env.PUBLIC_URL).origin;
}

/** @throws AppError 403 for a page that the inbox does not list. */
export function assertOrigin(hub: Hub, inbox: Pick<Inbox, 'allowedOrigins'>, origin: string | null): void {
  if (!mayUseInbox(hub, inbox, origin)) throw forbidden('This website is not allowed to use this chat.');
}
