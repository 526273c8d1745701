import mongoose, { type ClientSession } from 'mongoose';
import { OutboxRowModel, StoredEventModel } from '../models/index.js';
import type { Channels, ConsumerInterest } from './consumer.js';
import type { DomainEvent } from './domain-event.js';

/** A consumer that owes something now; `conversation` is named where it works conversation by conversation. */
export interface Owing {
  consumer: string;
  conversation: string | null;
}

/** The lane in which an ordered consumer works a conversation. */
export const consumerLane = (consumer: string, conversation: string): string => `consumer:${consumer}:${conversation}`;

interface Props {
  session: ClientSession;
  consumers: readonly ConsumerInterest[];
  channels: Channels;
  events: readonly DomainEvent[];
  /** Who made them happen, as `actorKey` names them. */
  actor: string;
  at: Date;
}

/**
 * Keeps what happened, and writes one outbox row for each consumer that an event gives something to do, inside the transaction that
 * made it happen: one insert for the events of a transaction, and one for the rows if there are any (PROTOCOLS 2).
 * @returns who owes something now, to be hinted at after the commit.
 */
export async function writeEvents({ session, consumers, channels, events, actor, at }: Props): Promise<Owing[]> {
  if (events.length === 0) return [];
  const kept = events.map((event) => ({ ...event, _id: new mongoose.Types.ObjectId() }));
  // Past Mongoose's documents: the types have checked them.
  await StoredEventModel.collection.insertMany(
    kept.map(({ conversation, ...event }) => ({ ...event, conversation: objectId(conversation), actor, at })),
    { session, ordered: true },
  );
  const rows = kept.flatMap((event) =>
    consumers
      .filter((consumer) => consumer.events.includes(event.type) && consumer.wants(event, channels))
      .map((consumer) => ({
        _id: `${event._id.toString()}:${consumer.name}`,
        event: event.type,
        consumer: consumer.name,
        conversation: objectId(event.conversation),
        rev: event.rev,
        data: event.data,
        ...(consumer.ordered && event.conversation !== null
          ? { lane: consumerLane(consumer.name, event.conversation) }
          : {}),
        dueAt: at,
        lease: null,
        tries: 0,
        error: null,
        createdAt: at,
      })),
  );
  if (rows.length === 0) return [];
  await OutboxRowModel.collection.insertMany(rows as never[], { session, ordered: true });
  return rows.map((row) => ({
    consumer: row.consumer,
    conversation: 'lane' in row ? String(row.conversation) : null,
  }));
}

const objectId = (id: string | null) => (id === null ? null : new mongoose.Types.ObjectId(id));
