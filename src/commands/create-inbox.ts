import { randomBytes } from 'node:crypto';
import type { ChannelAdapter } from '../../channels/types.js';
import { conflict, validationError } from '../errors.js';
import { InboxModel, type Inbox } from '../models/index.js';
import type { Actor } from '../policies/index.js';
import { inTransaction } from '../storage/in-transaction.js';
import type { Hub } from './hub.js';
import { sealConfig } from './inbox-config.js';
import { routeAgain } from './inbound/unroutable.js';
import { announceScopes, assertStaff, moveScopes } from './inbox-members.js';
import { recordAuditEvent } from './record-audit-event.js';
import { isWidgetChannel } from './widget-inbox.js';

interface Props {
  actor: Actor;
  channel: string;
  name: string;
  /** The platform's account; must be absent for channels reached by our widget, which get a key instead. */
  accountId?: string;
  settings?: Record<string, unknown>;
  /** What the channel's `configSchema` wants; kept encrypted. */
  config?: Record<string, unknown>;
  allowedOrigins?: string[];
  memberIds?: string[];
}

/**
 * Connects an account of a channel; what arrived for it before is applied now.
 * @returns the inbox, and the identity secret made for a widget, which is never shown again.
 * @throws AppError 400 for an unknown channel, config or member; 409 when the account has an inbox already; 503.
 */
export async function createInbox(hub: Hub, props: Props): Promise<{ inbox: Inbox; identitySecret: string | null }> {
  const { actor, channel, name, settings = {}, config = {}, allowedOrigins = [], memberIds = [] } = props;
  const adapter = hub.channels.get(channel);
  if (adapter === undefined) throw validationError([{ field: 'channel', message: 'is not available here' }]);
  const accountId = accountOf(adapter, props.accountId);
  const { credentials, newSecret } = sealConfig(hub, adapter, config);

  const { inbox, moved } = await inTransaction(async (session) => {
    if ((await InboxModel.exists({ channel, accountId }).session(session)) !== null)
      throw conflict('This account is connected already.');
    await assertStaff(memberIds, session);
    const row = { channel, name, accountId, credentials, settings, allowedOrigins, members: memberIds };
    const [created] = await InboxModel.create([{ ...row, createdAt: new Date(hub.now()) }], { session, ordered: true });
    if (created === undefined) throw new Error('The store made no inbox.');
    const subject = `inbox:${created._id.toString()}`;
    await recordAuditEvent({ type: 'inbox.created', actor, subject, data: { channel }, at: hub.now() }, session);
    return { inbox: created.toObject<Inbox>(), moved: await moveScopes(memberIds, session) };
  });
  announceScopes(hub, moved);
  await routeAgain(hub, channel, accountId);
  return { inbox, identitySecret: newSecret };
}

function accountOf(adapter: ChannelAdapter, given: string | undefined): string {
  if (isWidgetChannel(adapter)) {
    if (given !== undefined) throw validationError([{ field: 'accountId', message: 'is made by the hub' }]);
    return randomBytes(12).toString('hex');
  }
  if (given === undefined) throw validationError([{ field: 'accountId', message: 'is needed' }]);
  return given;
}
