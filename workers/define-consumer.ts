import type { Act } from '../src/commands/act.js';
import type { Hub } from '../src/hub.js';
import type { Channels, ConsumerInterest } from '../src/events/consumer.js';
import type { DomainEvent, DomainEventType } from '../src/events/domain-event.js';
import type { OutboxRow } from '../src/models/index.js';

/** Writes what a consumer's work came to, in the act that removes its outbox row; may run several times. */
export type ConsumerCommit = (act: Act) => Promise<void>;

/** One thing that a consumer owes something for. */
export type Owed<T extends DomainEventType = DomainEventType> = DomainEvent<T> & {
  /** Names this reaction wherever it speaks outwards, so that twice is once: `<event>:<consumer>`. */
  key: string;
  /** The how-manieth try this is, from 1. */
  tries: number;
};

interface Common<T extends DomainEventType> {
  name: string;
  events: readonly T[];
  /** Whether an event gives it something to do, by the event and what the channels can; pure. Absent: each does. */
  wants?(event: DomainEvent<T>, channels: Channels): boolean;
  /** Rows, or conversations, of one process at the same time. */
  concurrency?: number;
}

/** Reacts to one event at a time. */
export interface EachDefinition<T extends DomainEventType> extends Common<T> {
  /** `conversation`: events of one conversation one after the other, by rev; the first that fails holds up those behind it. */
  ordered?: 'conversation';
  /**
   * What may be slow on its own, such as a host: a process works on two rows of a lane at once, and those that wait for their turn
   * take no other's place. Absent: every row is its own lane.
   */
  laneOf?(event: DomainEvent<T>): string;
  /** The work outside the store, done at least once; throw to be tried again. @returns what to write; null: nothing. */
  perform(hub: Hub, owed: Owed<T>): Promise<ConsumerCommit | null>;
}

/** Reacts to many events in one act, as the only one of its kind: doing it twice has to change nothing. */
export interface FoldDefinition<T extends DomainEventType> extends Common<T> {
  fold(act: Act, owed: readonly Owed<T>[]): Promise<void>;
}

/** A reaction to domain events, found by its file `consumers/<noun>.consumer.ts` (PROTOCOLS 2). */
export interface OutboxConsumer extends ConsumerInterest {
  concurrency: number;
  /** Rows of one lane that it may be slow on (see `EachDefinition`). */
  laneOf(row: OutboxRow): string;
  work:
    | { kind: 'each'; perform(hub: Hub, owed: Owed): Promise<ConsumerCommit | null> }
    | { kind: 'fold'; fold(act: Act, owed: readonly Owed[]): Promise<void> };
}

const CONCURRENCY = 8;

/** The event that an outbox row is about. */
export const eventOf = (row: OutboxRow): DomainEvent =>
  ({
    type: row.event,
    conversation: row.conversation ? String(row.conversation) : null,
    rev: row.rev ?? null,
    data: row.data as unknown,
  }) as DomainEvent;

/** Declares a consumer; the events that it names decide what its functions are given. */
export function defineConsumer<T extends DomainEventType>(
  definition: EachDefinition<T> | FoldDefinition<T>,
): OutboxConsumer {
  const { name, events, wants = () => true, concurrency = CONCURRENCY } = definition;
  return {
    name,
    events,
    concurrency,
    ordered: 'ordered' in definition && definition.ordered === 'conversation',
    laneOf: (row) =>
      'laneOf' in definition && definition.laneOf !== undefined
        ? definition.laneOf(eventOf(row) as DomainEvent<T>)
        : row._id,
    wants: wants as OutboxConsumer['wants'],
    work: ('fold' in definition
      ? { kind: 'fold', fold: definition.fold }
      : { kind: 'each', perform: definition.perform }) as OutboxConsumer['work'],
  };
}
