import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';

/** A database of its own for one test file, on a server that others use too. */
export interface TestDatabase {
  /** Connection string that leads to it. */
  readonly uri: string;
  drop(): Promise<void>;
}

/** A name that no other test file has. */
export function databaseName(purpose: string): string {
  return `${purpose}_${randomBytes(6).toString('hex')}`;
}

/** Names a fresh database on the server of `uri`. */
export function testDatabase(uri: string, purpose: string): TestDatabase {
  const own = withDatabase(uri, databaseName(purpose));
  return {
    uri: own,
    drop: async () => {
      const client = await mongoose.mongo.MongoClient.connect(own);
      try {
        await client.db().dropDatabase();
      } finally {
        await client.close();
      }
    },
  };
}

/**
 * The connection string with another database. Who logs in is looked up in the database that the string named, so that
 * one is kept as `authSource` (connection string specification, "auth database").
 */
export function withDatabase(uri: string, database: string): string {
  const parts = /^(?<hosts>mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/(?<named>[^?]*))?(?:\?(?<options>.*))?$/.exec(uri)?.groups;
  if (parts === undefined) throw new Error('MONGODB_URI is no MongoDB connection string');
  const { hosts = '', named = '', options = '' } = parts;
  const settings = options === '' ? [] : options.split('&');
  const logsIn = hosts.includes('@') && !settings.some((setting) => /^authSource=/i.test(setting));
  if (logsIn) settings.push(`authSource=${named === '' ? 'admin' : named}`);
  return `${hosts}/${database}${settings.length === 0 ? '' : `?${settings.join('&')}`}`;
}
