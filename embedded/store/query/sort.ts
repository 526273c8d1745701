import { fieldPath } from '../aggregate/field-path.js';
import { indexTuples } from '../index/tuples.js';
import { compareValues, Doc, isNumber, StoreError, toDouble, type Value } from '../values/index.js';

/** Sorting in two steps, so that the key of a document is made once. */
export interface SortKey {
  /** The values to sort by. Throws StoreError 2 for two arrays side by side. */
  keyOf(doc: Doc): Value[];
  compare(a: readonly Value[], b: readonly Value[]): number;
}

/** Most fields of one sort; MongoDB's limit for compound indexes and sorts. */
const MAX_FIELDS = 32;

/** Reads a sort pattern. Throws StoreError 15974 to 15976 for malformed ones and 238 for `$meta`. */
export function sortFields(spec: Doc): [path: string, direction: 1 | -1][] {
  if (spec.size > MAX_FIELDS) throw new StoreError(13103, `Too many sort fields: at most ${MAX_FIELDS} are allowed`);
  return [...spec].map(([path, value]) => {
    fieldPath(path);
    if (value instanceof Doc) {
      if (value.has('$meta')) throw new StoreError(238, `$meta in a sort is not supported by this store: ${path}`);
      throw new StoreError(15974, `Illegal key in $sort specification: ${path}`);
    }
    if (!isNumber(value)) throw new StoreError(15974, `Illegal key in $sort specification: ${path}`);
    const direction = toDouble(value);
    if (direction === 1 || direction === -1) return [path, direction];
    throw new StoreError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  });
}

/**
 * Compiles a sort. A missing field sorts as null, an array by its smallest element (ascending) or largest (descending),
 * an empty array before null (manual: "Comparison/Sort Order").
 */
export function compileSortKey(spec: Doc): SortKey {
  const fields = sortFields(spec);
  const paths = fields.map(([path]) => path);
  const directions = fields.map(([, direction]) => direction);
  const compare = (a: readonly Value[], b: readonly Value[]): number => {
    for (let i = 0; i < directions.length; i++) {
      const order = compareValues(a[i]!, b[i]!);
      if (order !== 0) return order * directions[i]!;
    }
    return 0;
  };
  return { keyOf: (doc) => smallest(tuplesOf(doc, paths), compare), compare };
}

function tuplesOf(doc: Doc, paths: string[]): Value[][] {
  try {
    return indexTuples(doc, paths).tuples;
  } catch (error) {
    if (error instanceof StoreError && error.code === 171) {
      throw new StoreError(2, `cannot sort with keys that are parallel arrays: ${error.message}`);
    }
    throw error;
  }
}

function smallest(tuples: Value[][], compare: (a: Value[], b: Value[]) => number): Value[] {
  return tuples.length === 1 ? tuples[0]! : tuples.reduce((best, tuple) => (compare(tuple, best) < 0 ? tuple : best));
}

/** Compiles a sort to a comparison of documents. */
export function compileSort(spec: Doc): (a: Doc, b: Doc) => number {
  return comparisonBy(compileSortKey(spec));
}

/** The comparison of documents that a compiled sort makes; the key of a document is made once. */
export function comparisonBy(key: SortKey): (a: Doc, b: Doc) => number {
  const known = new WeakMap<Doc, Value[]>();
  const keyOf = (doc: Doc): Value[] => {
    let values = known.get(doc);
    if (values === undefined) known.set(doc, (values = key.keyOf(doc)));
    return values;
  };
  return (a, b) => key.compare(keyOf(a), keyOf(b));
}
