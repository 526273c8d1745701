import { compileFilter } from '../query/index.js';
import { isLogical, isOperatorDoc } from '../query/operators.js';
import { BSONRegExp, Doc, equalValues, isNumber, StoreError, toDouble, typeName, type Value } from '../values/index.js';
import { always, type UpdateOperator } from './operator.js';
import { eachOf, push } from './push.js';

const addToSet: UpdateOperator = (argument, path) => {
  const values = argument instanceof Doc && argument.keys[0] === '$each' ? eachOnly(argument) : [argument];
  return always(true, (old) => {
    if (old !== undefined && !Array.isArray(old)) {
      throw new StoreError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeName(old)}`,
      );
    }
    const result = old?.slice() ?? [];
    for (const value of values) if (!result.some((element) => equalValues(element, value))) result.push(value);
    return old !== undefined && result.length === old.length ? old : result;
  });
};

function eachOnly(argument: Doc): Value[] {
  const other = argument.keys.find((key) => key !== '$each');
  if (other !== undefined) throw new StoreError(2, `Found unexpected fields after $each in $addToSet: ${other}`);
  return eachOf('$addToSet', argument);
}

/** Drops the elements that `drops` accepts; a missing field stays missing. */
function removing(name: string, drops: (element: Value) => boolean): ReturnType<UpdateOperator> {
  return always(false, (old) => {
    if (old === undefined) return undefined;
    if (!Array.isArray(old)) throw new StoreError(2, `Cannot apply ${name} to a non-array value`);
    const kept = old.filter((element) => !drops(element));
    return kept.length === old.length ? old : kept;
  });
}

const pull: UpdateOperator = (condition) => removing('$pull', pullTest(condition));

function pullTest(condition: Value): (element: Value) => boolean {
  if (condition instanceof Doc && (!isOperatorDoc(condition) || isLogical(condition.keys[0]!))) {
    const matches = compileFilter(condition, { exprCode: 224 });
    return (element) => element instanceof Doc && matches(element);
  }
  if (!(condition instanceof Doc) && !(condition instanceof BSONRegExp)) {
    return (element) => equalValues(element, condition);
  }
  const matches = compileFilter(new Doc(['element'], [condition]));
  return (element) => matches(new Doc(['element'], [element]));
}

const pullAll: UpdateOperator = (argument) => {
  if (!Array.isArray(argument)) {
    throw new StoreError(2, `$pullAll requires an array argument but was given a ${typeName(argument)}`);
  }
  return removing('$pullAll', (element) => argument.some((value) => equalValues(value, element)));
};

const pop: UpdateOperator = (argument, path) => {
  const end = isNumber(argument) ? toDouble(argument) : NaN;
  if (Number.isNaN(end)) throw new StoreError(9, `Expected a number in: ${path}: ${typeName(argument)}`);
  if (end !== 1 && end !== -1) throw new StoreError(9, `$pop expects 1 or -1, found: ${end}`);
  return always(false, (old) => {
    if (old === undefined) return undefined;
    if (!Array.isArray(old)) {
      throw new StoreError(14, `Path '${path}' contains an element of non-array type '${typeName(old)}'`);
    }
    if (old.length === 0) return old;
    return end === 1 ? old.slice(0, -1) : old.slice(1);
  });
};

/** Operators that change the elements of an array field. */
export const arrayOperators: Record<string, UpdateOperator> = {
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};
