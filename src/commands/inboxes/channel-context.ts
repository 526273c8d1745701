import { ChannelError } from '../../../channels/errors.js';
import type { ChannelAdapter, ChannelContext } from '../../../channels/types.js';
import type { Hub } from '../../hub.js';
import type { Inbox } from '../../models/index.js';
import { writtenOnlyWhile } from '../../utils/timely-http.js';
import { openConfig } from './inbox-config.js';

/** The adapter of an inbox. @throws Error when its folder is gone. */
export function adapterOf(hub: Hub, inbox: Inbox): ChannelAdapter {
  const adapter = hub.channels.get(inbox.channel);
  if (adapter === undefined) throw new Error(`there is no channel "${inbox.channel}"`);
  return adapter;
}

/**
 * What every call of an inbox's adapter gets.
 * @param isWanted asked right before anything is written to the platform; what is no longer wanted then is not sent.
 * @throws ChannelError `misconfigured` when the inbox's own settings are unfit.
 */
export function channelContext(hub: Hub, inbox: Inbox, signal?: AbortSignal, isWanted?: () => boolean): ChannelContext {
  return {
    accountId: inbox.accountId,
    config: configOf(hub, inbox, adapterOf(hub, inbox)),
    env: hub.env.channels[inbox.channel],
    http: isWanted === undefined ? hub.http : writtenOnlyWhile(hub.http, isWanted),
    now: () => hub.now(),
    ...(signal === undefined ? {} : { signal }),
  };
}

function configOf(hub: Hub, inbox: Inbox, adapter: ChannelAdapter): unknown {
  try {
    return adapter.configSchema.parse(openConfig(hub, adapter, inbox.credentials ?? null));
  } catch (error) {
    throw new ChannelError('misconfigured', 'The settings of this inbox cannot be read. Connect it again.', {
      code: 'settings_unreadable',
      cause: error,
    });
  }
}
