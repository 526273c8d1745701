import type { Hub } from '../src/hub.js';
import { fetchFile, type FetchLimits } from '../src/utils/fetch-file.js';

/**
 * Fetches what a channel offers under an address, from the channel's own hosts only.
 * @throws FetchRefusedError for another host; FetchTooSlowError at the deadline; the client's error otherwise.
 */
export function fetchPlatformFile(
  hub: Hub,
  channel: string,
  address: string,
  limits: Pick<FetchLimits, 'maxBytes' | 'deadlineMs'>,
): Promise<Buffer> {
  const allowedHosts = hub.channels.get(channel)?.attachmentHosts?.(hub.env.channels[channel]) ?? [];
  return fetchFile(hub.http, address, { allowedHosts, ...limits });
}
