import { Doc, pathParts, StoreError, type Value } from '../values/index.js';
import type { Expression, OperatorCompiler } from './evaluate.js';
import { fieldPath, valueAtPath } from './field-path.js';
import { arithmeticOperators } from './operators/arithmetic.js';
import { arrayOperators } from './operators/arrays.js';
import { comparisonOperators } from './operators/comparison.js';
import { conditionalOperators } from './operators/conditional.js';
import { dateOperators } from './operators/dates.js';
import { objectOperators } from './operators/objects.js';
import { stringOperators } from './operators/strings.js';
import { typeOperators } from './operators/types.js';

export { truthy } from './evaluate.js';
export type { Expression, Variables } from './evaluate.js';

const OPERATORS = new Map<string, OperatorCompiler>(
  Object.entries({
    ...arithmeticOperators,
    ...arrayOperators,
    ...comparisonOperators,
    ...conditionalOperators,
    ...dateOperators,
    ...objectOperators,
    ...stringOperators,
    ...typeOperators,
  }),
);

/**
 * Compiles an aggregation expression. Throws StoreError 168 for an operator that is unknown or not supported, 17276
 * for an undefined variable when it is used, and the operator's own codes for malformed arguments.
 */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string') return source.startsWith('$') ? reference(source) : () => source;
  if (Array.isArray(source)) return arrayLiteral(source);
  if (source instanceof Doc) return source.keys[0]?.startsWith('$') ? operator(source) : objectLiteral(source);
  return () => source;
}

function reference(source: string): Expression {
  if (source.startsWith('$$')) return variable(source.slice(2));
  const parts = fieldPath(source.slice(1));
  const [only] = parts;
  if (parts.length === 1) return (doc) => doc.get(only!);
  return (doc) => valueAtPath(doc, parts);
}

function variable(source: string): Expression {
  const [name = '', ...rest] = source.includes('.') ? pathParts(source) : [source];
  if (name === '') throw new StoreError(16872, 'empty variable names are not allowed');
  if (name === 'ROOT' || name === 'CURRENT') return (doc) => valueAtPath(doc, rest);
  if (name === 'REMOVE') return () => undefined;
  return (_doc, variables) => {
    const value = variables.get(name);
    if (value === undefined && !variables.has(name)) {
      throw new StoreError(17276, `Use of undefined variable: ${name}`);
    }
    return valueAtPath(value, rest);
  };
}

function arrayLiteral(source: Value[]): Expression {
  const parts = source.map(compileExpression);
  return (doc, variables) => parts.map((part) => part(doc, variables) ?? null);
}

function objectLiteral(source: Doc): Expression {
  const parts = source.values.map(compileExpression);
  for (const key of source.keys) {
    if (key.startsWith('$')) throw new StoreError(16410, `FieldPath field names may not start with '$': '${key}'`);
    if (key.includes('.')) throw new StoreError(16412, "FieldPath field names may not contain '.'.");
  }
  return (doc, variables) => {
    const result = new Doc();
    for (let i = 0; i < parts.length; i++) {
      const value = parts[i]!(doc, variables);
      if (value !== undefined) result.append(source.keys[i]!, value);
    }
    return result;
  };
}

function operator(source: Doc): Expression {
  const name = source.keys[0]!;
  if (source.size !== 1) {
    throw new StoreError(
      15983,
      `An object representing an expression must have exactly one field: ${name}, ${source.keys[1]}`,
    );
  }
  const compiler = OPERATORS.get(name);
  if (compiler === undefined) throw new StoreError(168, `Unrecognized expression '${name}'`);
  return compiler(source.values[0]!, compileExpression, name);
}
