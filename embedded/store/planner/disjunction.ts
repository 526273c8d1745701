import { Doc, type Value } from '../values/index.js';

/** More clauses than this are not planned one by one. */
const MAX_CLAUSES = 50;

/**
 * The filters whose union a filter with an `$or` is: each clause together with the conditions beside the `$or`. The
 * `$or` may stand at the top level or in a top-level `$and`. Undefined when there is none, or one with too many clauses.
 */
export function disjunctionOf(filter: Doc): Doc[] | undefined {
  const conditions = conjunctsOf(filter);
  const at = conditions.findIndex(([name, value]) => name === '$or' && Array.isArray(value));
  const clauses = conditions[at]?.[1];
  if (!Array.isArray(clauses) || clauses.length > MAX_CLAUSES) return undefined;
  const rest: Value[] = conditions.filter((_, place) => place !== at).map(([name, value]) => new Doc([name], [value]));
  return clauses.map((clause) => new Doc(['$and'], [[...rest, clause]]));
}

/** The conditions that all must hold, with those of an `$and` taken out of it. */
function conjunctsOf(filter: Doc): Array<[name: string, value: Value]> {
  return [...filter].flatMap(([name, value]): Array<[string, Value]> => {
    if (name !== '$and' || !Array.isArray(value)) return [[name, value]];
    return value.flatMap((part) => (part instanceof Doc ? conjunctsOf(part) : []));
  });
}
