import type { ClientSession, Collection } from 'mongoose';

/**
 * Changes one document and gives it as it is afterwards, past Mongoose's casting, which costs a good part of such a statement. For what
 * every message does: ids, dates and whole subdocuments have to be of the stored types already, and no default is filled in.
 * @typeParam T what the collection holds.
 * @returns null where nothing matches.
 */
export const changeOne = <T>(
  collection: Collection,
  filter: Record<string, unknown>,
  update: Record<string, Record<string, unknown>>,
  session: ClientSession,
): Promise<T | null> =>
  collection.findOneAndUpdate(filter, update, { session, returnDocument: 'after' }) as Promise<T | null>;
