import mongoose, { type ClientSession } from 'mongoose';
import { OutboxRowModel } from '../models/index.js';
import type { ConsumerInterest } from './consumer.js';
import type { DomainEvent } from './domain-event.js';

/**
 * Writes one outbox row for each consumer that an event gives something to do, inside the transaction that made it happen
 * (PROTOCOLS 2).
 * @returns the consumers that now owe something, to be hinted at after the commit.
 */
export const recordEvent = (
  session: ClientSession,
  consumers: readonly ConsumerInterest[],
  event: DomainEvent,
): Promise<string[]> => recordEvents(session, consumers, [event]);

/** The same for several events, in one round trip. */
export async function recordEvents(
  session: ClientSession,
  consumers: readonly ConsumerInterest[],
  events: readonly DomainEvent[],
): Promise<string[]> {
  const now = new Date();
  const rows = events.flatMap((event) => {
    const id = new mongoose.Types.ObjectId().toString();
    const owing = consumers.filter((consumer) => consumer.events.includes(event.type) && consumer.wants(event));
    return owing.map((consumer) => ({
      _id: `${id}:${consumer.name}`,
      event: event.type,
      consumer: consumer.name,
      conversation: event.conversation,
      data: event.data,
      dueAt: now,
      createdAt: now,
    }));
  });
  if (rows.length > 0) await OutboxRowModel.insertMany(rows, { session });
  return [...new Set(rows.map((row) => row.consumer))];
}
