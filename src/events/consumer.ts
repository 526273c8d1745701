import type { DomainEvent, DomainEventType } from './domain-event.js';

/** What the writer of an event needs to know of a consumer: which outbox rows it is owed (PROTOCOLS 2). */
export interface ConsumerInterest {
  name: string;
  events: readonly DomainEventType[];
  /** Whether this event gives it something to do; pure. */
  wants(event: DomainEvent): boolean;
}
