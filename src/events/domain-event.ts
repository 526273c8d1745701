import type { EventData } from './kinds/index.js';

/**
 * Everything that happens here and that anybody may react to, as `noun.pastTense`. What is kept of it stands in `kinds/<noun>.ts`:
 * ids and values, never texts (DESIGN 13, PROTOCOLS 2). Ids are hex strings.
 */
export type DomainEventType = keyof EventData;

/** One thing that happened. */
export type DomainEvent<T extends DomainEventType = DomainEventType> = {
  [K in T]: {
    type: K;
    /** Whose conversation it happened in; null: in none. */
    conversation: string | null;
    /** The conversation's rev that it made; null where it made none. */
    rev: number | null;
    data: EventData[K];
  };
}[T];
