import type { Hub } from '../src/commands/hub.js';
import { fetchFile } from '../src/utils/fetch-file.js';

/** Milliseconds. */
const TIMEOUT = 20_000;

/**
 * Fetches what a channel offers under an address, from the channel's own hosts only.
 * @param maxBytes more is not read.
 * @throws FetchRefusedError for another host; the client's error otherwise.
 */
export function fetchPlatformFile(hub: Hub, channel: string, address: string, maxBytes: number): Promise<Buffer> {
  const allowedHosts = hub.channels.get(channel)?.attachmentHosts?.(hub.env.channels[channel]) ?? [];
  return fetchFile(hub.http, address, { allowedHosts, maxBytes, timeoutMs: TIMEOUT });
}
