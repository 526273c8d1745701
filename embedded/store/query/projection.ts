import { truthy } from '../aggregate/expression.js';
import { compileFields } from '../aggregate/projection.js';
import { Doc, isNumber, pathParts, StoreError, toDouble, type Value } from '../values/index.js';
import { compileFilter, withNow } from './filter.js';
import { elementTest } from './operators.js';

/** What a projection may refer to besides the document. */
export interface ProjectionOptions {
  variables?: ReadonlyMap<string, Value>;
}

type Edit = (result: Doc, source: Doc) => Doc;

/**
 * Compiles a find projection: inclusion or exclusion, computed fields, `$slice` and `$elemMatch`. Throws StoreError
 * 31253/31254 for a mix of inclusion and exclusion and 238 for the positional `$` and `$meta`.
 */
export function compileProjection(spec: Doc, options: ProjectionOptions = {}): (doc: Doc) => Doc {
  if (spec.size === 0) return (doc) => doc;
  const plain = new Doc();
  const slices: [path: string, argument: Value][] = [];
  const matches: [path: string, argument: Value][] = [];
  for (const [path, value] of spec) {
    rejectUnsupported(path, value);
    const operator = value instanceof Doc ? value.keys[0] : undefined;
    const argument = value instanceof Doc ? value.values[0] : undefined;
    if (operator === '$slice' && isSlice(argument!)) slices.push([path, argument!]);
    else if (operator === '$elemMatch') matches.push([path, argument!]);
    else plain.append(path, value);
  }
  const variables = withNow(options.variables);
  const fallback = modeOf(spec, slices.length > 0, matches.length > 0);
  const { mode } = compileFields(plain, variables, fallback);
  if (mode === 'inclusion') for (const [path] of slices) plain.append(path, 1);
  const fields = compileFields(plain, variables, fallback);
  const edits = [...slices.map((part) => slice(...part)), ...matches.map((part) => firstMatch(...part))];
  return (doc) => edits.reduce((result, edit) => edit(result, doc), fields.apply(doc, variables));
}

type Mode = 'inclusion' | 'exclusion';

/** The mode when no field but `_id` is named plainly (the server's rules; the manual only has them for `$slice` alone). */
function modeOf(spec: Doc, slices: boolean, matches: boolean): Mode | undefined {
  if (!slices) return matches ? 'inclusion' : undefined;
  const id = spec.get('_id');
  return (typeof id === 'boolean' || isNumber(id)) && truthy(id) ? 'inclusion' : 'exclusion';
}

function rejectUnsupported(path: string, value: Value): void {
  if (pathParts(path).includes('$')) {
    throw new StoreError(238, `The positional projection '${path}' is not supported by this store`);
  }
  if (value instanceof Doc && value.has('$meta')) {
    throw new StoreError(238, `$meta in a projection is not supported by this store: ${path}`);
  }
}

/** The find form takes numbers; `{ $slice: ['$field', 1] }` is the expression. */
function isSlice(argument: Value): boolean {
  const list = Array.isArray(argument) ? argument : [argument];
  return list.length >= 1 && list.length <= 2 && list.every(isNumber);
}

function slice(path: string, argument: Value): Edit {
  const [first, second] = (Array.isArray(argument) ? argument : [argument]).map((part) =>
    isNumber(part) ? Math.trunc(toDouble(part)) : 0,
  );
  if (second !== undefined && second <= 0) {
    throw new StoreError(28729, `First argument to $slice must be positive: ${path}`);
  }
  const parts = pathParts(path);
  return (result) => sliceAt(result, parts, 0, (array) => cut(array, first!, second));
}

function cut(array: Value[], first: number, count: number | undefined): Value[] {
  if (count === undefined) return first >= 0 ? array.slice(0, first) : array.slice(first);
  const start = first >= 0 ? first : Math.max(array.length + first, 0);
  return array.slice(start, start + count);
}

function sliceAt(doc: Doc, parts: readonly string[], at: number, change: (array: Value[]) => Value[]): Doc {
  const old = doc.get(parts[at]!);
  if (old === undefined) return doc;
  const next = sliceIn(old, parts, at, change);
  return next === old ? doc : doc.clone().set(parts[at]!, next);
}

function sliceIn(value: Value, parts: readonly string[], at: number, change: (array: Value[]) => Value[]): Value {
  if (at === parts.length - 1) return Array.isArray(value) ? change(value) : value;
  if (value instanceof Doc) return sliceAt(value, parts, at + 1, change);
  if (!Array.isArray(value)) return value;
  return value.map((element) => (element instanceof Doc ? sliceAt(element, parts, at + 1, change) : element));
}

/** The first element that matches, as a list of one; the field is left out when there is none. */
function firstMatch(path: string, argument: Value): Edit {
  if (path.includes('.')) {
    throw new StoreError(31275, `Cannot use $elemMatch projection on a nested field: ${path}`);
  }
  const test = elementTest(argument, { path, compileFilter: (filter) => compileFilter(filter, { exprCode: 2 }) });
  return (result, source) => {
    const array = source.get(path);
    const copy = result.clone();
    copy.delete(path);
    const found = Array.isArray(array) ? array.find(test) : undefined;
    if (found !== undefined) copy.append(path, [found]);
    return copy;
  };
}
