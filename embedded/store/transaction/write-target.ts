import type { Collection } from '../storage/catalog.js';
import type { Stored } from '../storage/records.js';
import type { Doc } from '../values/index.js';
import type { ReadView } from './read-view.js';

/**
 * Where the statements of a command write: straight into a commit, or into the overlay of an open transaction. Every
 * method checks unique keys and locks before it changes anything.
 */
export interface WriteTarget {
  /** Reads that see the writes made so far. */
  readonly view: ReadView;
  insert(collection: Collection, bytes: Buffer, doc: Doc): void;
  replace(collection: Collection, stored: Stored, bytes: Buffer, doc: Doc): void;
  remove(collection: Collection, stored: Stored): void;
}
