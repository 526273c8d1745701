import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startStore } from '../../../../embedded/store/server.js';

export const { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } =
  mongoose.mongo;
export const { EJSON } = mongoose.mongo.BSON;

/** A document as the driver takes and gives it; `_id` may be anything. */
export type Row = Record<string, unknown>;
export type Rows = mongoose.mongo.Collection<{ _id: number; [name: string]: unknown }>;

/** The server under test: the one that MONGODB_URI names, or an embedded store of its own. */
export interface Target {
  client: mongoose.mongo.MongoClient;
  /** A new empty collection. */
  fresh(): Rows;
  close(): Promise<void>;
}

let counter = 0;

/** Connects. Numbers come back as the driver's BSON classes, so that tests see their types. */
export async function openTarget(): Promise<Target> {
  const outside = process.env['MONGODB_URI'];
  const dataDir = await mkdtemp(join(tmpdir(), 'conformance-'));
  const store = outside === undefined ? await startStore({ dataDir }) : undefined;
  const client = await mongoose.mongo.MongoClient.connect(outside ?? store!.uri, { promoteValues: false });
  const db = client.db(`conformance_${process.pid}_${Date.now()}`);
  return {
    client,
    fresh: () => db.collection(`rows_${++counter}`),
    close: async () => {
      await db.dropDatabase();
      await client.close();
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
