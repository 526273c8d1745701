import { join } from 'node:path';
import { startStore } from '../../embedded/store/server.js';
import { testDatabase } from './test-database.js';

/** A database of a test file's own. */
export interface TestStore {
  /** Connection string that leads to it. */
  readonly uri: string;
  /** Removes the database, or closes the embedded store. */
  close(): Promise<void>;
}

/** A database on the server that MONGODB_URI names, or an embedded store whose data lies in `folder`. */
export async function openTestStore(folder: string): Promise<TestStore> {
  const server = process.env['MONGODB_URI'];
  if (server === undefined || server === '') return startStore({ dataDir: join(folder, 'store') });
  const database = testDatabase(server, 'hub');
  return { uri: database.uri, close: () => database.drop() };
}
