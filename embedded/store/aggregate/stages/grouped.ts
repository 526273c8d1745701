import { compareValues, Doc, isNumber, StoreError, typeRank, type Value } from '../../values/index.js';
import type { Variables } from '../evaluate.js';
import { compileExpression, type Expression } from '../expression.js';
import { grouping, output } from './group.js';
import { sort } from './simple.js';
import type { Stage } from './stage.js';

/** Two stages as one. */
function then(first: Stage, second: Stage): Stage {
  return {
    start: (emit) => {
      const after = second.start(emit);
      const before = first.start((doc) => after.push(doc));
      return {
        push: (doc) => before.push(doc),
        *end() {
          yield* before.end?.() ?? [];
          yield* after.end?.() ?? [];
        },
      };
    },
  };
}

const COUNT = new Doc(['$sum'], [1]);

function isExpression(value: Value | undefined): value is Value {
  return typeof value === 'string'
    ? value.startsWith('$')
    : value instanceof Doc && (value.keys[0] ?? '').startsWith('$');
}

/** `$sortByCount`: groups by an expression, largest groups first. */
export function sortByCount(argument: Value, variables: Variables, allowDiskUse: boolean): Stage {
  if (!isExpression(argument)) {
    throw new StoreError(
      40149,
      'the sortByCount field must be specified as a $-prefixed path or as an expression in an object',
    );
  }
  const groups = grouping(compileExpression(argument, variables), [output('count', COUNT, variables)], variables);
  return then(groups, sort(new Doc(['count'], [-1]), { allowDiskUse }));
}

/** `$bucket`: groups by the interval that a value falls into; without `default` every value must fall into one. */
export function bucket(argument: Value, variables: Variables, allowDiskUse: boolean): Stage {
  if (!(argument instanceof Doc)) throw new StoreError(40201, 'Argument to $bucket stage must be an object');
  const unknown = argument.keys.find((key) => !['groupBy', 'boundaries', 'default', 'output'].includes(key));
  if (unknown !== undefined) throw new StoreError(40197, `Unrecognized option to $bucket: ${unknown}.`);
  const groupBy = argument.get('groupBy');
  const boundaries = argument.get('boundaries');
  if (groupBy === undefined || boundaries === undefined) {
    throw new StoreError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  if (!isExpression(groupBy)) {
    throw new StoreError(40202, "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression");
  }
  const limits = boundariesOf(boundaries);
  const fallback = defaultOf(argument.get('default'), limits);
  const outputs = argument.get('output') ?? new Doc(['count'], [COUNT]);
  if (!(outputs instanceof Doc)) throw new StoreError(40196, "The $bucket 'output' field must be an object");
  const id = bucketId(compileExpression(groupBy, variables), limits, fallback);
  const groups = grouping(
    id,
    [...outputs].map(([name, spec]) => output(name, spec, variables)),
    variables,
  );
  return then(groups, sort(new Doc(['_id'], [1]), { allowDiskUse }));
}

function constant(source: Value): Value {
  return compileExpression(source)(new Doc(), new Map()) ?? null;
}

function boundariesOf(argument: Value): Value[] {
  if (!Array.isArray(argument))
    throw new StoreError(40200, "The $bucket 'boundaries' field must be an array of values");
  if (argument.length < 2) throw new StoreError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const limits = argument.map(constant);
  for (let i = 1; i < limits.length; i++) {
    if (typeRank(limits[i]!) !== typeRank(limits[0]!)) {
      throw new StoreError(40193, "All values in the 'boundaries' option to $bucket must have the same type");
    }
    if (compareValues(limits[i - 1]!, limits[i]!) >= 0) {
      throw new StoreError(
        40194,
        "The 'boundaries' option to $bucket must be sorted in ascending order without repeats",
      );
    }
  }
  return limits;
}

function defaultOf(argument: Value | undefined, limits: Value[]): Value | undefined {
  if (argument === undefined) return undefined;
  const value = isNumber(argument) ? argument : constant(argument);
  if (compareValues(value, limits[0]!) >= 0 && compareValues(value, limits.at(-1)!) < 0) {
    throw new StoreError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or at least the highest",
    );
  }
  return value;
}

function bucketId(expression: Expression, limits: Value[], fallback: Value | undefined): Expression {
  return (doc, variables) => {
    const value = expression(doc, variables);
    const above = value === undefined ? -1 : limits.findLastIndex((limit) => compareValues(value, limit) >= 0);
    if (above >= 0 && above < limits.length - 1) return limits[above];
    if (fallback !== undefined) return fallback;
    throw new StoreError(40066, '$switch could not find a matching branch for an input, and no default was specified.');
  };
}
