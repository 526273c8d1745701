import { InboxModel } from '../../models/index.js';
import type { Hub } from '../../hub.js';

/** How exact "last event in" and "out" are. Milliseconds. */
const EVERY = 60_000;

const FIELD = { in: 'lastEventInAt', out: 'lastEventOutAt' } as const;

/** When this process last wrote them, by inbox. */
const written = { in: new Map<string, number>(), out: new Map<string, number>() };

/**
 * Notes that something has come in or left by an inbox: written at most once a minute by each process, and nobody waits for it
 * (PROTOCOLS 5). Never throws.
 */
export function noteEvent(hub: Hub, inboxId: string, way: keyof typeof FIELD): void {
  const now = hub.now();
  if (now - (written[way].get(inboxId) ?? 0) < EVERY) return;
  written[way].set(inboxId, now);
  InboxModel.updateOne({ _id: inboxId }, { $max: { [FIELD[way]]: new Date(now) } }).catch((error: unknown) =>
    hub.logger.debug('inboxes', 'the time of the last event could not be noted', { way, error }),
  );
}
