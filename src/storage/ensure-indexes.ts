import mongoose from 'mongoose';

/**
 * Creates every collection and index the models name, and waits for them. Uses a client of its own without a socket time-out: an
 * index build may take longer than any command (PROTOCOLS 1).
 *
 * Every process calls this at its start and needs no lock: the store builds an index once, whoever else asks for it waits for that
 * build, a build goes on when its client has died, and a command whose indexes are all there returns at once.
 */
export async function ensureIndexes(uri: string): Promise<void> {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    await client.connect();
    const db = client.db(mongoose.connection.name);
    const existing = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map((entry) => entry.name));
    for (const model of Object.values(mongoose.models)) {
      const { collectionName } = model.collection;
      if (!existing.has(collectionName)) await createCollection(db, collectionName);
      const indexes = model.schema.indexes();
      if (indexes.length === 0) continue;
      await db.collection(collectionName).createIndexes(
        indexes.map(([key, options]) => {
          const { background: _background, ...rest } = options ?? {};
          return { key: key as Record<string, 1 | -1>, ...rest } as mongoose.mongo.IndexDescription;
        }),
      );
    }
  } finally {
    await client.close();
  }
}

const NAMESPACE_EXISTS = 48;

async function createCollection(db: mongoose.mongo.Db, name: string): Promise<void> {
  try {
    await db.createCollection(name);
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== NAMESPACE_EXISTS) throw error;
  }
}
