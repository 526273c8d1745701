import mongoose, { type ClientSession } from 'mongoose';
import { OutboxRowModel } from '../models/index.js';
import type { ConsumerInterest } from './consumer.js';
import type { DomainEvent } from './domain-event.js';

/**
 * Writes one outbox row for each consumer that the event gives something to do, inside the transaction that made it happen
 * (PROTOCOLS 2).
 * @returns the consumers that now owe something, to be hinted at after the commit.
 */
export async function recordEvent(
  session: ClientSession,
  consumers: readonly ConsumerInterest[],
  event: DomainEvent,
): Promise<string[]> {
  const owing = consumers.filter((consumer) => consumer.events.includes(event.type) && consumer.wants(event));
  if (owing.length === 0) return [];
  const id = new mongoose.Types.ObjectId().toString();
  const now = new Date();
  await OutboxRowModel.create(
    owing.map((consumer) => ({
      _id: `${id}:${consumer.name}`,
      event: event.type,
      consumer: consumer.name,
      conversation: event.conversation,
      data: event.data,
      dueAt: now,
      createdAt: now,
    })),
    { session, ordered: true },
  );
  return owing.map((consumer) => consumer.name);
}
