import { encodeKeyValue } from '../../index/index.js';
import { Doc, StoreError, type Value } from '../../values/index.js';
import { accumulator, type Accumulator } from '../accumulators.js';
import type { Scope, Variables } from '../evaluate.js';
import { compileExpression, type Expression } from '../expression.js';
import { TICK_DOCUMENTS, type Stage } from './stage.js';

interface Output {
  name: string;
  make: () => Accumulator;
  expression: Expression;
}

interface Group {
  id: Value;
  accumulators: Accumulator[];
}

/** `$group`: one document for each distinct `_id`, in order of first appearance. */
export function group(argument: Value, variables: Variables): Stage {
  if (!(argument instanceof Doc)) throw new StoreError(15947, "a group's fields must be specified in an object");
  const id = argument.get('_id');
  if (id === undefined) throw new StoreError(15955, 'a group specification must include an _id');
  const outputs = [...argument].filter(([name]) => name !== '_id').map(([name, spec]) => output(name, spec, variables));
  return grouping(compileExpression(id, variables), outputs, variables);
}

/** Groups by an expression; documents for which it is missing belong to the group null. */
export function grouping(id: Expression, outputs: Output[], variables: Variables): Stage {
  return {
    start: (emit) => {
      const groups = new Map<string, Group>();
      return {
        push: (doc) => {
          const found = groupOf(groups, id(doc, variables) ?? null, outputs);
          for (let i = 0; i < outputs.length; i++) {
            found.accumulators[i]!.add(outputs[i]!.expression(doc, variables));
          }
          return true;
        },
        *end() {
          let given = 0;
          for (const found of groups.values()) {
            if (!emit(resultOf(found, outputs))) return;
            if (++given % TICK_DOCUMENTS === 0) yield undefined;
          }
        },
      };
    },
  };
}

function groupOf(groups: Map<string, Group>, id: Value, outputs: Output[]): Group {
  const key = typeof id === 'string' ? `"${id}` : encodeKeyValue(id, 1).toString('latin1');
  let found = groups.get(key);
  if (found === undefined) {
    found = { id, accumulators: outputs.map(({ make }) => make()) };
    groups.set(key, found);
  }
  return found;
}

function resultOf({ id, accumulators }: Group, outputs: Output[]): Doc {
  return new Doc(
    ['_id', ...outputs.map(({ name }) => name)],
    [id, ...accumulators.map((collected) => collected.result())],
  );
}

/** Reads one `field: { $accumulator: expression }`. */
export function output(name: string, spec: Value, scope: Scope): Output {
  if (name.includes('.')) throw new StoreError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw new StoreError(40236, `The field name '${name}' cannot be an operator name`);
  if (!(spec instanceof Doc)) throw new StoreError(40234, `The field '${name}' must be an accumulator object`);
  if (spec.size !== 1) throw new StoreError(40238, `The field '${name}' must specify one accumulator`);
  const operator = spec.keys[0]!;
  const argument = spec.values[0]!;
  if (operator === '$count') return countOutput(name, argument);
  if (Array.isArray(argument)) throw new StoreError(40237, `The ${operator} accumulator is a unary operator`);
  return { name, make: accumulator(operator), expression: compileExpression(argument, scope) };
}

function countOutput(name: string, argument: Value): Output {
  if (!(argument instanceof Doc) || argument.size > 0) {
    throw new StoreError(14, '$count takes no arguments, i.e. $count:{}');
  }
  return { name, make: accumulator('$sum'), expression: () => 1 };
}
