import { Timestamp, type Doc } from '../values/index.js';

/**
 * The document with the server's time in place of empty timestamps at its top level, except in `_id`, as MongoDB stores
 * inserted and replacing documents (manual: "BSON Types", "Timestamps"). The same document when there is none.
 */
export function withTimestamps(doc: Doc, next: () => Timestamp): Doc {
  let filled: Doc | undefined;
  for (let i = 0; i < doc.values.length; i++) {
    const value = doc.values[i];
    if (!(value instanceof Timestamp) || value.toBigInt() !== 0n || doc.keys[i] === '_id') continue;
    filled ??= doc.clone();
    filled.values[i] = next();
  }
  return filled ?? doc;
}
