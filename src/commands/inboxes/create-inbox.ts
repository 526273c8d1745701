import { randomBytes } from 'node:crypto';
import type { ChannelAdapter } from '../../../channels/types.js';
import { conflict, validationError } from '../../errors.js';
import { InboxModel, type Inbox } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Actor } from '../../policies/index.js';
import { act } from '../act.js';
import type { Hub } from '../../hub.js';
import { sealConfig } from './inbox-config.js';
import { routeAgain } from '../inbound/unroutable.js';
import { assertStaff, moveScopes } from './inbox-members.js';
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
 * @throws AppError 400 for an unknown channel, config or member; 409 when the account has an inbox already; 503;
 * AccessDenied.
 */
export async function createInbox(hub: Hub, props: Props): Promise<{ inbox: Inbox; identitySecret: string | null }> {
  const { actor, channel, name, settings = {}, config = {}, allowedOrigins = [], memberIds = [] } = props;
  authorize(actor, 'inbox.manage');
  const adapter = hub.channels.get(channel);
  if (adapter === undefined) throw validationError([{ field: 'channel', message: 'is not available here' }]);
  const accountId = accountOf(adapter, props.accountId);
  const { credentials, newSecret } = sealConfig(hub, adapter, config);

  const inbox = await act(hub, actor, async (unit) => {
    const { session } = unit;
    if ((await InboxModel.exists({ channel, accountId }).session(session)) !== null)
      throw conflict('This account is connected already.');
    await assertStaff(memberIds, session);
    const row = { channel, name, accountId, credentials, settings, allowedOrigins, members: memberIds };
    const [created] = await InboxModel.create([{ ...row, createdAt: unit.now }], { session, ordered: true });
    if (created === undefined) throw new Error('The store made no inbox.');
    await unit.audit('inbox.created', `inbox:${created._id.toString()}`, { channel });
    await moveScopes(unit, memberIds);
    return created.toObject<Inbox>();
  });
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
