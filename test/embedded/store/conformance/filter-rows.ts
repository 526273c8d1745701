import { expect, test } from '@jest/globals';
import { BSONRegExp, exact, filled, type Row, type Target } from './target.js';

/** [what the source says, manual page or other source, documents, filter, _ids found]. */
export type FilterRow = [says: string, source: string, docs: Row[], filter: Row, ids: unknown[]];

/** A field that an index can be made on, to find the same documents through it. */
function indexable(filter: Row): string | undefined {
  return Object.keys(filter).find((key) => !key.startsWith('$') && !/\.\d/.test(key));
}

/** Runs every row by a walk over the collection, and again through an index where the filter names a field. */
export function testFilters(target: () => Target, rows: FilterRow[]): void {
  test.each(rows)('%s (%s)', async (_says, _source, docs, filter, ids) => {
    const collection = await filled(target(), docs);
    const found = await collection.find(filter as object).toArray();
    expect(exact(found.map(({ _id }) => _id))).toBe(exact(ids));
  });

  const throughIndex = rows.filter(
    ([, , docs, filter]) => indexable(filter) && !docs.some(({ a }) => a instanceof BSONRegExp),
  );
  test.each(throughIndex)('with an index: %s (%s)', async (_says, _source, docs, filter, ids) => {
    const collection = await filled(target(), docs);
    await collection.createIndex({ [indexable(filter)!]: 1 });
    const found = await collection.find(filter as object, { sort: { _id: 1 } }).toArray();
    expect(exact(found.map(({ _id }) => _id))).toBe(exact(ids));
    expect(Number(await collection.countDocuments(filter as object))).toBe(ids.length);
  });
}
