import type { z } from 'zod';
import type { ChannelContext } from '../types.js';
import type { configSchema, envSchema } from './config.js';
import type { Json } from './fields.js';

export type MessengerEnv = z.infer<typeof envSchema>;
export type MessengerConfig = z.infer<typeof configSchema>;
export type MessengerContext = ChannelContext<MessengerConfig, MessengerEnv>;

/** Where in the envelope an event stood; `entry`: the entry itself, for want of a list that we know. */
export type EventList = 'messaging' | 'standby' | 'changes' | 'entry';

/** One stored event: the platform's element and what the envelope said about it. */
export type StoredEvent = {
  object: string;
  list: EventList;
  /** `entry.time`, milliseconds; differs when the event is delivered again. */
  time: number | null;
  event: Json;
};
