import { BSONRegExp, StoreError, type Doc, type Value } from '../values/index.js';
import { encodeKey, type KeyPattern } from './key-value.js';
import { indexTuples } from './tuples.js';

/** What one document contributes to an index. */
export interface IndexKeys {
  /** Distinct keys; one, unless an array is indexed. */
  keys: Buffer[];
  /** True when an array made the keys. */
  multikey: boolean;
  /** True when the document has none of the fields: a sparse index leaves it out. */
  allMissing: boolean;
}

/** Longest key in bytes: LMDB takes 1,978, and the engine adds the record's own key to it. */
export const MAX_KEY_BYTES = 1900;

/** What an index says about its keys besides its fields. */
export interface IndexKeyOptions {
  /** Documents that have none of the fields are left out. */
  sparse?: boolean;
  /** For messages. */
  name?: string;
}

/**
 * The byte keys of a document; for a sparse index none for what has no indexed field.
 * @throws StoreError 171, 16746, or 17280 for a key above `MAX_KEY_BYTES`
 */
export function indexKeys(doc: Doc, pattern: KeyPattern, { sparse = false, name }: IndexKeyOptions = {}): IndexKeys {
  const { tuples, multikey, allMissing } = indexTuples(
    doc,
    pattern.map(([path]) => path),
    sparse,
  );
  const keys = tuples.map((tuple) => {
    rejectRegexes(tuple, pattern);
    const key = encodeKey(tuple, pattern);
    if (key.length > MAX_KEY_BYTES) throw keyTooLong(pattern, name, key.length);
    return key;
  });
  return { keys: multikey ? distinct(keys) : keys, multikey, allMissing };
}

/** A filter by regular expression also finds an equal stored one, which the range of a prefix would leave out. */
function rejectRegexes(tuple: readonly Value[], pattern: KeyPattern): void {
  const at = tuple.findIndex((value) => value instanceof BSONRegExp);
  if (at < 0) return;
  const text = 'A regular expression as the value of an indexed field is not supported by this store';
  throw new StoreError(238, `${text}: ${pattern[at]![0]}`);
}

function distinct(keys: Buffer[]): Buffer[] {
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()];
}

function keyTooLong(pattern: KeyPattern, name: string | undefined, length: number): StoreError {
  const fields = pattern.map(([path]) => path).join(', ');
  const index = name === undefined ? 'the index' : `the index ${name}`;
  const text = `Index key too long: ${length} bytes for ${index} on (${fields}), at most ${MAX_KEY_BYTES} are allowed`;
  return new StoreError(17280, text, { codeName: 'KeyTooLong' });
}
