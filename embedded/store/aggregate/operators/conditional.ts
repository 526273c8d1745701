import { Doc, StoreError, type Value } from '../../values/index.js';
import {
  argumentList,
  isNullish,
  namedArguments,
  truthy,
  type Compile,
  type Expression,
  type OperatorCompiler,
} from '../evaluate.js';

function condition(argument: Value, compile: Compile): Expression {
  const parts = conditionParts(argument).map((part) => compile(part));
  const [test, yes, no] = parts as [Expression, Expression, Expression];
  return (doc, variables) => (truthy(test(doc, variables)) ? yes : no)(doc, variables);
}

function conditionParts(argument: Value): Value[] {
  if (!(argument instanceof Doc)) return argumentList(argument, '$cond', 3);
  const unknown = argument.keys.find((key) => !['if', 'then', 'else'].includes(key));
  if (unknown !== undefined) throw new StoreError(17083, `Unrecognized parameter to $cond: ${unknown}`);
  return (['if', 'then', 'else'] as const).map((key, i) => {
    const part = argument.get(key);
    if (part === undefined) throw new StoreError(17080 + i, `Missing '${key}' parameter to $cond`);
    return part;
  });
}

function ifNull(argument: Value, compile: Compile): Expression {
  const parts = (Array.isArray(argument) ? argument : [argument]).map((part) => compile(part));
  if (parts.length < 2) throw new StoreError(1257300, `$ifNull needs at least two arguments, had: ${parts.length}`);
  const last = parts.pop()!;
  return (doc, variables) => {
    for (const part of parts) {
      const value = part(doc, variables);
      if (!isNullish(value)) return value;
    }
    return last(doc, variables);
  };
}

function choose(argument: Value, compile: Compile): Expression {
  const named = namedArguments(
    argument,
    '$switch',
    { notObject: 40060, unknown: 40067, missing: 40068 },
    ['branches'],
    ['default'],
  );
  const list = named.get('branches');
  if (!Array.isArray(list)) throw new StoreError(40061, "$switch expected an array for 'branches'");
  const branches = list.map((branch) => switchBranch(branch, compile));
  const fallback = named.has('default') ? compile(named.get('default')!) : undefined;
  if (branches.length === 0) throw new StoreError(40068, '$switch requires at least one branch.');
  return (doc, variables) => {
    for (const { test, result } of branches) if (truthy(test(doc, variables))) return result(doc, variables);
    if (fallback !== undefined) return fallback(doc, variables);
    throw new StoreError(40066, '$switch could not find a matching branch for an input, and no default was specified.');
  };
}

function switchBranch(branch: Value, compile: Compile): { test: Expression; result: Expression } {
  if (!(branch instanceof Doc)) throw new StoreError(40062, '$switch expected each branch to be an object');
  const test = branch.get('case');
  const result = branch.get('then');
  if (test === undefined) throw new StoreError(40064, "$switch requires each branch have a 'case' expression");
  if (result === undefined) throw new StoreError(40065, "$switch requires each branch have a 'then' expression.");
  return { test: compile(test), result: compile(result) };
}

/** `$cond`, `$ifNull`, `$switch` and `$literal`. */
export const conditionalOperators: Record<string, OperatorCompiler> = {
  $cond: condition,
  $ifNull: ifNull,
  $switch: choose,
  $literal: (argument) => () => argument,
};
