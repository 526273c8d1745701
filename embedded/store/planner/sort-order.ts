import type { Bounds } from '../query/index.js';
import type { IndexDefinition } from '../storage/index-definition.js';
import type { Doc } from '../values/index.js';

/** Whether walking an index gives a sort order, and from which end. */
export interface SortMatch {
  sorted: boolean;
  reverse: boolean;
}

/**
 * Compares the sort with the index's fields. Fields held at one point do not matter; fields held at several (`$in`)
 * are passed over, since the ranges are merged by what follows them. `points` are the bounds of the leading fields.
 */
export function matchSort(
  index: IndexDefinition,
  points: ReadonlyArray<Bounds | undefined>,
  sort: Doc | undefined,
): SortMatch {
  if (sort === undefined) return { sorted: true, reverse: false };
  const single = new Set(
    index.pattern
      .filter((_, at) => points[at]?.points?.length === 1 && index.multikey[at] !== true)
      .map(([path]) => path),
  );
  let reverse: boolean | undefined;
  let field = 0;
  for (const [path, direction] of sort) {
    if (single.has(path)) continue;
    while (field < points.length && index.pattern[field]?.[0] !== path) field += 1;
    const indexed = index.pattern[field];
    if (indexed === undefined || indexed[0] !== path || index.multikey[field] === true)
      return { sorted: false, reverse: false };
    if (field < points.length) return { sorted: false, reverse: false };
    const backwards = Number(direction) < 0 !== indexed[1] < 0;
    if (reverse !== undefined && reverse !== backwards) return { sorted: false, reverse: false };
    reverse = backwards;
    field += 1;
  }
  return { sorted: true, reverse: reverse ?? false };
}
