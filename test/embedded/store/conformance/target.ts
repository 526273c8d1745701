import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startStore, type StoreOptions } from '../../../../embedded/store/server.js';
import { databaseName } from '../../../support/test-database.js';

export const { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } =
  mongoose.mongo;
export const { EJSON } = mongoose.mongo.BSON;

/** A document as the driver takes and gives it; `_id` may be anything. */
export type Row = Record<string, unknown>;
export type Rows = mongoose.mongo.Collection<{ _id: number; [name: string]: unknown }>;

/** The server under test: the one that MONGODB_URI names, or an embedded store of its own. */
export interface Target {
  client: mongoose.mongo.MongoClient;
  /** The database of this test file, dropped by `close`; numbers come back as JavaScript has them. */
  db: mongoose.mongo.Db;
  /** A session for commands that carry their own numbers; ended by `close`. */
  session(): mongoose.mongo.ClientSession;
  /** A new empty collection. */
  fresh(): Rows;
  /** Another client of the same server, with numbers as JavaScript has them; closed by `close`. */
  connect(options?: mongoose.mongo.MongoClientOptions): Promise<mongoose.mongo.MongoClient>;
  close(): Promise<void>;
}

let counter = 0;

/** Connects. Numbers come back as the driver's BSON classes, so that tests see their types. */
export async function openTarget(options: Partial<StoreOptions> = {}): Promise<Target> {
  const outside = process.env['MONGODB_URI'];
  const dataDir = await mkdtemp(join(tmpdir(), 'conformance-'));
  const store = outside === undefined || outside === '' ? await startStore({ ...options, dataDir }) : undefined;
  const uri = store?.uri ?? String(outside);
  const clients: mongoose.mongo.MongoClient[] = [];
  const connect: Target['connect'] = async (settings = {}) => {
    const client = await mongoose.mongo.MongoClient.connect(uri, settings);
    clients.push(client);
    return client;
  };
  const client = await connect({ promoteValues: false });
  const plain = await connect();
  const name = databaseName('conformance');
  const sessions: mongoose.mongo.ClientSession[] = [];
  return {
    client,
    db: plain.db(name),
    session: () => {
      const session = plain.startSession({ causalConsistency: false });
      sessions.push(session);
      return session;
    },
    connect,
    fresh: () => client.db(name).collection(`rows_${++counter}`),
    close: async () => {
      await client.db(name).dropDatabase();
      for (const session of sessions) await session.endSession();
      for (const opened of clients) await opened.close();
      await store?.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Inserts the documents; those without `_id` are numbered from 1. */
export async function filled(target: Target, docs: readonly Row[]): Promise<Rows> {
  const rows = target.fresh();
  const numbered = docs.map((doc, i) => ('_id' in doc ? doc : { _id: i + 1, ...doc }));
  if (numbered.length > 0) await rows.insertMany(numbered as { _id: number }[]);
  return rows;
}

/** A value as text in which numbers of different BSON types differ. */
export function exact(value: unknown): string {
  return EJSON.stringify(value, { relaxed: false });
}

/** The error code that an operation fails with; undefined when it succeeds. */
export async function codeOf(operation: Promise<unknown>): Promise<number | string | undefined> {
  try {
    await operation;
    return undefined;
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError) return Number(error.code);
    throw error;
  }
}

/** A new collection of the same database, through the client that gives plain numbers. */
export async function plainRows(target: Target, docs: readonly Row[]): Promise<Rows> {
  const { collectionName } = await filled(target, docs);
  return target.db.collection(collectionName);
}

/** The error that an operation fails with. Throws when it succeeds. */
export async function failureOf(operation: Promise<unknown>): Promise<mongoose.mongo.MongoServerError> {
  try {
    await operation;
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError) return error;
    throw error;
  }
  throw new Error('the operation did not fail');
}
