import type { Reader } from '../storage/environment.js';
import type { Stored } from '../storage/records.js';

/** What an open transaction did to one record; `after` is absent when it deleted it. */
export interface OverlayRecord {
  before: Stored | undefined;
  after: Stored | undefined;
}

/** The records that a transaction wrote, by record number. */
export type Overlay = ReadonlyMap<number, OverlayRecord>;

/** A state to query: committed data, with the caller's own uncommitted writes over it inside a transaction. */
export interface ReadView {
  readonly reader: Reader;
  /** The transaction's writes to a collection, if any. */
  overlay(collection: number): Overlay | undefined;
  /** Sequence number of the snapshot; undefined for "newest". Indexes that became ready later cannot be used. */
  readonly sequence: number | undefined;
}
