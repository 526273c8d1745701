import { InboxModel } from '../../models/index.js';
import type { Hub } from '../../hub.js';

/** How exact "last event out" is. Milliseconds. */
const EVERY = 60_000;

/** When this process last wrote it, by inbox. */
const written = new Map<string, number>();

/**
 * Notes that something of ours has left by an inbox: written at most once a minute by each process, and nobody waits for it
 * (PROTOCOLS 5). Never throws.
 */
export function noteEventOut(hub: Hub, inboxId: string): void {
  const now = hub.now();
  if (now - (written.get(inboxId) ?? 0) < EVERY) return;
  written.set(inboxId, now);
  InboxModel.updateOne({ _id: inboxId }, { $max: { lastEventOutAt: new Date(now) } }).catch((error: unknown) =>
    hub.logger.debug('outbound', 'the time of the last event out could not be noted', { error }),
  );
}
