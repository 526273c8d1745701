import { compileSortKey, type SortKey } from '../query/sort.js';
import { compareValues, Doc, isNumber, StoreError, toDouble, typeName, type Value } from '../values/index.js';
import { always, type UpdateOperator } from './operator.js';

interface Push {
  each: Value[];
  position: number;
  slice: number | undefined;
  sort: ((a: Value, b: Value) => number) | undefined;
}

/** `$push`, plain or with `$each` and its `$position`, `$sort` and `$slice`, which work in that order. */
export const push: UpdateOperator = (argument, path) => {
  const plan = parsePush(argument);
  return always(true, (old) => {
    if (old !== undefined && !Array.isArray(old)) {
      throw new StoreError(2, `The field '${path}' must be an array but is of type ${typeName(old)}`);
    }
    return pushed(old ?? [], plan, old);
  });
};

function pushed(array: Value[], plan: Push, old: Value[] | undefined): Value[] {
  const at = plan.position < 0 ? Math.max(array.length + plan.position, 0) : plan.position;
  const result = [...array.slice(0, at), ...plan.each, ...array.slice(at)];
  if (plan.sort !== undefined) result.sort(plan.sort);
  const kept = sliced(result, plan.slice);
  const unchanged = old !== undefined && kept.length === old.length && kept.every((value, i) => value === old[i]);
  return unchanged ? old : kept;
}

function sliced(array: Value[], slice: number | undefined): Value[] {
  if (slice === undefined) return array;
  return slice >= 0 ? array.slice(0, slice) : array.slice(slice);
}

function parsePush(argument: Value): Push {
  if (!(argument instanceof Doc) || !argument.has('$each')) {
    return { each: [argument], position: Infinity, slice: undefined, sort: undefined };
  }
  const plan: Push = { each: eachOf('$push', argument), position: Infinity, slice: undefined, sort: undefined };
  for (const [key, value] of argument) {
    if (key === '$slice') plan.slice = integerArgument(key, value);
    else if (key === '$position') plan.position = integerArgument(key, value);
    else if (key === '$sort') plan.sort = pushSort(value);
    else if (key !== '$each') throw new StoreError(2, `Unrecognized clause in $push: ${key}`);
  }
  return plan;
}

/** The list in `{ $each: [...] }`. Throws StoreError 14 when it is no list. */
export function eachOf(operator: string, argument: Doc): Value[] {
  const each = argument.get('$each')!;
  if (Array.isArray(each)) return each;
  const problem = `The argument to $each in ${operator} must be an array but it was of type`;
  throw new StoreError(operator === '$push' ? 2 : 14, `${problem} ${typeName(each)}`);
}

function integerArgument(name: string, value: Value): number {
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (Number.isInteger(number)) return number;
  throw new StoreError(2, `The value for ${name} must be an integer value but was given type: ${typeName(value)}`);
}

function pushSort(sort: Value): (a: Value, b: Value) => number {
  if (sort instanceof Doc) return byFields(sort);
  const direction = isNumber(sort) ? toDouble(sort) : 0;
  if (direction !== 1 && direction !== -1) {
    const advice = 'use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields';
    throw new StoreError(2, `The $sort is invalid: ${advice}`);
  }
  return (a, b) => compareValues(a, b) * direction;
}

function byFields(pattern: Doc): (a: Value, b: Value) => number {
  if (pattern.size === 0) throw new StoreError(2, 'The $sort pattern is empty when it should be a set of fields.');
  const key = compileSortKey(pattern);
  return (a, b) => key.compare(elementKey(key, a), elementKey(key, b));
}

/** Elements that are no documents sort as if they had none of the fields. */
function elementKey(key: SortKey, element: Value): Value[] {
  return key.keyOf(element instanceof Doc ? element : new Doc());
}
