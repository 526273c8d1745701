import { Doc, StoreError, typeName, type Value } from '../../values/index.js';
import { accumulator } from '../accumulators.js';
import { fixed, isNullish, namedArguments, type Compile, type Expression, type OperatorCompiler } from '../evaluate.js';
import { pairOf, variableName } from './arrays.js';

const mergeObjects: OperatorCompiler = (argument, compile) => {
  const make = accumulator('$mergeObjects');
  if (!Array.isArray(argument)) {
    const part = compile(argument);
    return (doc, variables) => mergeAll(make(), listed(part(doc, variables)));
  }
  const parts = argument.map((part) => compile(part));
  return (doc, variables) =>
    mergeAll(
      make(),
      parts.map((part) => part(doc, variables)),
    );
};

function listed(value: Value | undefined): (Value | undefined)[] {
  return Array.isArray(value) ? value : [value];
}

function mergeAll(merged: ReturnType<ReturnType<typeof accumulator>>, values: (Value | undefined)[]): Value {
  for (const value of values) merged.add(value);
  return merged.result();
}

const arrayToObject = fixed(1, ([value]) => {
  if (isNullish(value)) return null;
  if (!Array.isArray(value))
    throw new StoreError(40386, `$arrayToObject requires an array input, found: ${typeName(value!)}`);
  const result = new Doc();
  for (const entry of value) {
    const [key, field] = pairOf(entry);
    if (key.includes('\0')) throw new StoreError(4940400, 'Key field cannot contain an embedded null byte');
    result.set(key, field);
  }
  return result;
});

const objectToArray = fixed(1, ([value]) => {
  if (isNullish(value)) return null;
  if (!(value instanceof Doc))
    throw new StoreError(40390, `$objectToArray requires a document input, found: ${typeName(value!)}`);
  return [...value].map(([key, field]) => new Doc(['k', 'v'], [key, field]));
});

function getField(argument: Value, compile: Compile): Expression {
  const named =
    argument instanceof Doc && !argument.keys[0]?.startsWith('$') ? argument : new Doc(['field'], [argument]);
  namedArguments(named, '$getField', { notObject: 3041701, unknown: 3041701, missing: 3041702 }, ['field'], ['input']);
  const field = compile(named.get('field')!);
  const input = compile(named.get('input') ?? '$$CURRENT');
  return (doc, variables) => {
    const name = field(doc, variables);
    if (typeof name !== 'string')
      throw new StoreError(
        3041704,
        `$getField requires 'field' to evaluate to type String, but got ${name === undefined ? 'missing' : typeName(name)}`,
      );
    const value = input(doc, variables);
    if (value instanceof Doc) return value.get(name);
    return isNullish(value) && value !== undefined ? null : undefined;
  };
}

function letIn(argument: Value, compile: Compile): Expression {
  const named = namedArguments(argument, '$let', { notObject: 16874, unknown: 16875, missing: 16876 }, ['vars', 'in']);
  const vars = named.get('vars')!;
  if (!(vars instanceof Doc)) throw new StoreError(16876, 'invalid parameter: expected an object (vars)');
  const parts = [...vars].map(([name, source]) => ({ name: variableName(name, ''), value: compile(source) }));
  const body = compile(
    named.get('in')!,
    parts.map(({ name }) => name),
  );
  return (doc, variables) => {
    const scope = new Map(variables);
    for (const { name, value } of parts) {
      const result = value(doc, variables);
      if (result === undefined) scope.delete(name);
      else scope.set(name, result);
    }
    return body(doc, scope);
  };
}

/** `$sum`, `$avg`, `$min` and `$max` over their arguments, or over the elements of a single array. */
function overArguments(name: string): OperatorCompiler {
  const make = accumulator(name);
  return (argument, compile) => {
    const parts = Array.isArray(argument) ? argument.map((part) => compile(part)) : undefined;
    const single = parts === undefined ? compile(argument) : parts.length === 1 ? parts[0] : undefined;
    return (doc, variables) => {
      const values = single === undefined ? parts!.map((part) => part(doc, variables)) : listed(single(doc, variables));
      return mergeAll(make(), values);
    };
  };
}

/** `$first` and `$last` of an array. */
function endOf(position: 0 | -1): OperatorCompiler {
  return fixed(1, ([value], name) => {
    if (isNullish(value)) return null;
    if (Array.isArray(value)) return value.at(position);
    throw new StoreError(28689, `${name}'s argument must be an array, but is ${typeName(value!)}`);
  });
}

/** Object operators, `$let`, and the accumulators that work as expressions. */
export const objectOperators: Record<string, OperatorCompiler> = {
  $mergeObjects: mergeObjects,
  $arrayToObject: arrayToObject,
  $objectToArray: objectToArray,
  $getField: getField,
  $let: letIn,
  $sum: overArguments('$sum'),
  $avg: overArguments('$avg'),
  $min: overArguments('$min'),
  $max: overArguments('$max'),
  $first: endOf(0),
  $last: endOf(-1),
};
