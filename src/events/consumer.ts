import type { ClientSession } from 'mongoose';
import type { OutboxRow } from '../models/index.js';
import type { DomainEvent, DomainEventType } from './domain-event.js';

/** A reaction to domain events; one outbox row per event and consumer that has something to do (PROTOCOLS 2). */
export interface OutboxConsumer {
  name: string;
  events: readonly DomainEventType[];
  /** Whether this event gives it something to do; pure. */
  wants(event: DomainEvent): boolean;
  /**
   * The work outside the store that a row asks for (at least once). What it answers is written by `commit`.
   * Throw to be tried again.
   */
  perform(row: OutboxRow): Promise<(session: ClientSession) => Promise<void>>;
}
