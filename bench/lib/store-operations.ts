import { ObjectId, UUID, type ClientSession, type Db, type Document, type MongoClient } from 'mongodb';
import { VIEW_ORDER } from '../../src/models/conversation-views.js';
import { frameOf, WireClient } from './wire-client.js';
import { conversationId, INBOXES, inboxId } from './conversations.js';

/** Rows of an inbox page, and the one more that tells whether there is another page. */
const PAGE = 26;
const TEXT = 'x'.repeat(700);
const USER = new ObjectId();

const document = (): { _id: ObjectId; text: string; at: Date } => ({ _id: new ObjectId(), text: TEXT, at: new Date() });

const insertThree = async (db: Db, session?: ClientSession): Promise<void> => {
  for (const name of ['first', 'second', 'third']) {
    await db.collection(name).insertOne(document(), session === undefined ? {} : { session });
  }
};

/** What an answer costs the store (src/commands/send-message.ts): five statements in a transaction, then two reads. */
async function answer(client: MongoClient): Promise<void> {
  const db = client.db();
  const _id = conversationId(Math.floor(Math.random() * 1_000));
  const clientMessageId = String(new ObjectId());
  const [conversations, messages] = [db.collection('conversations'), db.collection('messages')];
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await messages.findOne({ senderKey: 'user:1', clientMessageId }, { session });
      await conversations.findOne({ _id }, { session });
      const now = new Date();
      const bumped = await conversations.findOneAndUpdate(
        { _id },
        { $inc: { rev: 1, version: 1 }, $set: { lastActivityAt: now }, $max: { lastOrderAt: now } },
        { session, returnDocument: 'after' },
      );
      const seq: unknown = bumped?.['rev'];
      const message = {
        conversation: _id,
        senderKey: 'user:1',
        clientMessageId,
        seq,
        rev: seq,
        orderAt: now,
        text: TEXT,
      };
      await messages.insertOne(message, { session });
      await db
        .collection('read_states')
        .updateOne({ conversation: _id, user: USER }, { $set: { rev: seq } }, { session, upsert: true });
    }),
  );
  await conversations.findOne({ _id });
  await messages.findOne({ senderKey: 'user:1', clientMessageId });
}

/** A smaller answer to a search holds no conversation. */
const FOUND_BYTES = 500;

const wireClients = new Map<string, WireClient>();

/** The frames that a driver would send, without the driver. */
function wireOf(client: MongoClient): { wire: WireClient; frame: (command: Document) => Buffer } {
  const { port } = client.options.hosts[0] ?? {};
  if (port === undefined) throw new Error('the store has no port');
  const wire = wireClients.get(String(port)) ?? new WireClient(port);
  wireClients.set(String(port), wire);
  const common = { lsid: { id: new UUID() }, $db: client.db().databaseName };
  return { wire, frame: (command) => frameOf({ ...command, ...common }) };
}

/** Things that a client does again and again; each is made once for a round and then called. */
export const OPERATIONS = {
  ping: (client: MongoClient) => {
    const db = client.db();
    return async () => void (await db.command({ ping: 1 }));
  },
  findOne: (client: MongoClient) => {
    const conversations = client.db().collection('conversations');
    return async () => {
      const found = await conversations.findOne({ _id: conversationId(Math.floor(Math.random() * 1_000)) });
      if (found === null) throw new Error('a conversation is missing');
    };
  },
  findCommand: (client: MongoClient) => {
    const db = client.db();
    return async () => {
      const filter = { _id: conversationId(Math.floor(Math.random() * 1_000)) };
      await db.command({ find: 'conversations', filter, limit: 1, singleBatch: true });
    };
  },
  barePing: (client: MongoClient) => {
    const { wire, frame } = wireOf(client);
    const ping = frame({ ping: 1 });
    return async () => void (await wire.request(ping));
  },
  bareFindOne: (client: MongoClient) => {
    const { wire, frame } = wireOf(client);
    const frames = Array.from({ length: 1_000 }, (_, n) =>
      frame({ find: 'conversations', filter: { _id: conversationId(n) }, limit: 1, singleBatch: true }),
    );
    return async () => {
      const size = await wire.request(frames[Math.floor(Math.random() * frames.length)]!);
      if (size < FOUND_BYTES) throw new Error('a conversation is missing');
    };
  },
  inboxPage: (client: MongoClient) => {
    const conversations = client.db().collection('conversations');
    return async () => {
      const inbox = inboxId(Math.floor(Math.random() * INBOXES));
      const rows = await conversations.find({ inbox, active: true }).sort(VIEW_ORDER).limit(PAGE).toArray();
      if (rows.length !== PAGE) throw new Error(`a page has ${rows.length} rows`);
    };
  },
  create: (client: MongoClient) => {
    const created = client.db().collection('created');
    return async () => void (await created.insertOne(document()));
  },
  threeCreates: (client: MongoClient) => () => insertThree(client.db()),
  transactionOfThree: (client: MongoClient) => () =>
    client.withSession((session) => session.withTransaction(() => insertThree(client.db(), session))),
  answer: (client: MongoClient) => () => answer(client),
} satisfies Record<string, (client: MongoClient) => () => Promise<void>>;

/** Name of an operation. */
export type OperationName = keyof typeof OPERATIONS;
