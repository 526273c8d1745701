import type { ChannelAdapter } from '../../channels/types.js';
import type { DomainEvent, DomainEventType } from './domain-event.js';

/** What each channel can, by its name. */
export type Channels = ReadonlyMap<string, ChannelAdapter>;

/** What the writer of an event needs to know of a consumer: which outbox rows it is owed (PROTOCOLS 2). */
export interface ConsumerInterest {
  name: string;
  events: readonly DomainEventType[];
  /** Events of one conversation are worked one after the other, by rev. */
  ordered: boolean;
  /** Whether this event gives it something to do; pure. */
  wants(event: DomainEvent, channels: Channels): boolean;
}
