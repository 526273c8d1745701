import type { AxiosInstance } from 'axios';
import type { ChannelAdapter } from '../channels/types.js';
import type { Env } from './env.js';
import type { Change } from './events/change.js';
import type { ConsumerInterest } from './events/consumer.js';
import type { LogContext, Logger } from './logging/logger.js';
import type { BlobStore } from './storage/blob-store.js';
import type { Hints } from './storage/hints.js';
import type { Clock } from './utils/clock.js';

/** What every command is given: the running installation (STYLE 20). Built once in `components.ts`. */
export interface Hub extends Clock {
  env: Env;
  logger: Logger;
  channels: ReadonlyMap<string, ChannelAdapter>;
  /** For calls to the outside. */
  http: AxiosInstance;
  blobs: BlobStore;
  /** Marks our sends on platforms. */
  installId: string;
  hints: Hints;
  /** Everything that reacts to domain events. */
  consumers: readonly ConsumerInterest[];
  /** Tells sockets, best effort, after a commit. */
  emitAfterCommit(change: Change): void;
}

/** The hub as one request, socket or job is given it: what is logged on the way carries its number. */
export const withLogContext = (hub: Hub, context: LogContext): Hub => ({ ...hub, logger: hub.logger.with(context) });
