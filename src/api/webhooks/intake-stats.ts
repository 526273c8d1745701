import type { WebhookItem } from '../../../channels/types.js';
import type { Logger } from '../../logging/logger.js';
import { InboxModel } from '../../models/index.js';

/** Events differ from the platform's clock by more than this: warn. Milliseconds (PROTOCOLS 3). */
const CLOCK_TOLERANCE = 2_000;
const FLUSH_EVERY = 60_000;

/** Counts what the ingress saw; "last event in" per account is written once a minute, not per event (PROTOCOLS 5). */
export interface IntakeStats {
  accepted(channel: string, items: WebhookItem[], now: number): void;
  refused(channel: string): void;
  /** Events that name impossible ids and are not stored. */
  ignored(channel: string, count: number): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export function createIntakeStats(logger: Logger): IntakeStats {
  let lastIn = new Map<string, { channel: string; accountId: string; at: number }>();
  let refusals = new Map<string, number>();
  let impossible = new Map<string, number>();
  let skewed = false;

  const flush = async (): Promise<void> => {
    const [due, refused] = [lastIn, refusals];
    lastIn = new Map();
    refusals = new Map();
    for (const [channel, count] of impossible)
      logger.warn('ingress', 'events with ids longer than any platform’s were ignored', { channel, count });
    impossible = new Map();
    for (const [channel, count] of refused)
      logger.warn('ingress', 'webhooks with a wrong signature were refused', { channel, count });
    for (const { channel, accountId, at } of due.values()) {
      await InboxModel.updateOne({ channel, accountId }, { $max: { lastEventInAt: new Date(at) } });
    }
  };
  const quietly = (): Promise<void> =>
    flush().catch((error: unknown) =>
      logger.warn('ingress', 'the time of the last events could not be noted', { error }),
    );
  const timer = setInterval(() => void quietly(), FLUSH_EVERY);

  return {
    accepted: (channel, items, now) => {
      for (const item of items) {
        lastIn.set(`${channel}:${item.accountId}`, { channel, accountId: item.accountId, at: now });
        // A redelivery is sent anew, but an early one shows that the clocks differ.
        if (skewed || item.sentAt === null || item.sentAt - now <= CLOCK_TOLERANCE) continue;
        skewed = true;
        logger.warn('ingress', 'our clock is behind the platform’s; check the time service', {
          channel,
          ms: item.sentAt - now,
        });
      }
    },
    refused: (channel) => void refusals.set(channel, (refusals.get(channel) ?? 0) + 1),
    ignored: (channel, count) => void impossible.set(channel, (impossible.get(channel) ?? 0) + count),
    flush,
    stop: async () => {
      clearInterval(timer);
      await quietly();
    },
  };
}
