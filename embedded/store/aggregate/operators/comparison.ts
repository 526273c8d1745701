import { compareValues, type Value } from '../../values/index.js';
import { fixed, truthy, type OperatorCompiler } from '../evaluate.js';

/** Order in expressions: as `compareValues`, with missing below everything but MinKey. */
export function compareOptional(a: Value | undefined, b: Value | undefined): number {
  if (a !== undefined && b !== undefined) return compareValues(a, b);
  return Number(a !== undefined) - Number(b !== undefined);
}

function comparing(accepts: (order: number) => boolean): OperatorCompiler {
  return fixed(2, ([a, b]) => accepts(compareOptional(a, b)));
}

const logical: Record<string, OperatorCompiler> = {
  $not: fixed(1, ([value]) => !truthy(value)),
  $and: (argument, compile) => {
    const parts = (Array.isArray(argument) ? argument : [argument]).map((part) => compile(part));
    return (doc, variables) => parts.every((part) => truthy(part(doc, variables)));
  },
  $or: (argument, compile) => {
    const parts = (Array.isArray(argument) ? argument : [argument]).map((part) => compile(part));
    return (doc, variables) => parts.some((part) => truthy(part(doc, variables)));
  },
};

/** `$cmp`, `$eq` and the like, `$and`, `$or`, `$not`. */
export const comparisonOperators: Record<string, OperatorCompiler> = {
  ...logical,
  $cmp: fixed(2, ([a, b]) => Math.sign(compareOptional(a, b))),
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
};
