import mongoose from 'mongoose';

type ObjectId = mongoose.Types.ObjectId;

/** The fields of a stored message that are compared. */
export interface StoredMessage {
  _id: ObjectId;
  conversation: ObjectId;
  seq: number;
  rev: number;
  orderAt: Date;
  tieKey: string;
  kind: string;
  senderType: string;
  text: string | null;
  absorbed: boolean;
  sentTwice: boolean;
  activity: { type: string; data: Record<string, unknown> } | null;
  parts: { n: number; kind: string; state: string; externalId: string | null; startedAt: Date | null }[];
}

/** The fields of a stored conversation that are compared. */
export interface StoredConversation {
  _id: ObjectId;
  rev: number;
  contactMessageCount: number;
  lastMessage: { message: ObjectId } | null;
}

/** A lane and its owner. */
export interface StoredLane {
  _id: string;
  owner: string;
}

/** What is under way at one moment: events stored and not applied, and platform calls begun and not answered. */
export interface UnderWay {
  events: number;
  sends: number;
}

/** A direct look into the store, beside the hub. */
export interface Database {
  underWay(): Promise<UnderWay>;
  /** One line for each thing that is still to be done, or was given up. */
  owed(): Promise<string[]>;
  conversations(): Promise<StoredConversation[]>;
  /** All messages, each thread in its reading order. */
  messages(): Promise<StoredMessage[]>;
  /** Lanes that somebody owns, or owned when they died. */
  lanes(): Promise<StoredLane[]>;
  /** Files that were not copied, though nothing is owed. */
  unfinishedFiles(): Promise<number>;
  close(): Promise<void>;
}

/** A platform call is given up after 10 s (PROTOCOLS 7); what is `sending` for longer waits to be settled. */
const CALL_LASTS = 10_000;
const MOST_LISTED = 20;

/** @param uri of the store, with the database's name. */
export async function openDatabase(uri: string): Promise<Database> {
  const client = await new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 10_000 }).connect();
  const db = client.db();
  const events = db.collection('webhook_events');
  const messages = db.collection<StoredMessage & { nextAttemptAt?: Date }>('messages');
  const outbox = db.collection<{ _id: string; error: string | null }>('outbox');
  const conversations = db.collection<StoredConversation>('conversations');

  const owed = async (): Promise<string[]> => {
    const [due, parked, sends, rows] = await Promise.all([
      events
        .find({ dueAt: { $exists: true } })
        .limit(MOST_LISTED)
        .toArray(),
      events
        .find({ state: { $in: ['parked', 'unroutable'] } })
        .limit(MOST_LISTED)
        .toArray(),
      messages
        .find({ nextAttemptAt: { $exists: true } })
        .limit(MOST_LISTED)
        .toArray(),
      outbox.find({}).limit(MOST_LISTED).toArray(),
    ]);
    return [
      ...due.map((event) => `event ${event['dedupeKey']} is ${event['state']} (${event['error'] ?? 'no error'})`),
      ...parked.map((event) => `event ${event['dedupeKey']} is ${event['state']} (${event['error'] ?? 'no error'})`),
      ...sends.map(({ text, parts }) => `message ${text} owes a send: ${parts.map((part) => part.state).join(', ')}`),
      ...rows.map((row) => `outbox row ${row._id} (${row.error ?? 'no error'})`),
    ];
  };

  return {
    underWay: async () => {
      const since = new Date(Date.now() - CALL_LASTS);
      const [due, sends] = await Promise.all([
        events.find({ dueAt: { $exists: true } }, { projection: { _id: 1 }, limit: 5 }).toArray(),
        messages
          .find({ nextAttemptAt: { $exists: true } }, { projection: { parts: 1 }, limit: 100 })
          .toArray()
          .then((rows) =>
            rows.filter(({ parts }) =>
              parts.some(({ state, startedAt }) => state === 'sending' && (startedAt ?? 0) >= since),
            ),
          ),
      ]);
      return { events: due.length, sends: sends.length };
    },
    owed,
    conversations: () => conversations.find({}).toArray(),
    messages: () => messages.find({}).sort({ conversation: 1, orderAt: 1, tieKey: 1 }).toArray(),
    lanes: () =>
      db
        .collection<StoredLane>('lanes')
        .find({ _id: { $regex: /^(in|out):/ }, leaseUntil: { $gt: new Date(0) } })
        .toArray(),
    unfinishedFiles: async () =>
      (
        await db
          .collection('attachments')
          .find({ state: { $in: ['pending', 'failed'] } })
          .toArray()
      ).length,
    close: () => client.close(),
  };
}
