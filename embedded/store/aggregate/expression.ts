import { Doc, StoreError, type Value } from '../values/index.js';
import type { Compile, Expression, OperatorCompiler, Scope } from './evaluate.js';
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
export type { Expression, Scope, Variables } from './evaluate.js';

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

/** True for the operators that `compileExpression` knows. */
export function isOperator(name: string): boolean {
  return OPERATORS.has(name);
}

/** Without a scope an expression knows no variables but the system's. */
const SYSTEM_ONLY: Scope = new Set(['NOW']);

/**
 * Compiles an aggregation expression. Throws StoreError 168 for an operator that is unknown or not supported, 17276
 * for a variable outside the scope, and the operator's own codes for malformed arguments.
 */
export function compileExpression(source: Value, scope: Scope = SYSTEM_ONLY): Expression {
  if (typeof source === 'string') return source.startsWith('$') ? reference(source, scope) : () => source;
  if (Array.isArray(source)) return arrayLiteral(source, scope);
  if (!(source instanceof Doc)) return () => source;
  return source.keys[0]?.startsWith('$') ? operator(source, scope) : objectLiteral(source, scope);
}

function reference(source: string, scope: Scope): Expression {
  if (source.startsWith('$$')) return variable(source.slice(2), scope);
  const parts = fieldPath(source.slice(1));
  const [only] = parts;
  if (parts.length === 1) return (doc) => doc.get(only!);
  return (doc) => valueAtPath(doc, parts);
}

function variable(source: string, scope: Scope): Expression {
  const [name = '', ...rest] = source.includes('.') ? fieldPath(source) : [source];
  if (name === '') throw new StoreError(16872, 'empty variable names are not allowed');
  if (name === 'ROOT' || name === 'CURRENT') return (doc) => valueAtPath(doc, rest);
  if (name === 'REMOVE') return () => undefined;
  if (!scope.has(name)) throw new StoreError(17276, `Use of undefined variable: ${name}`);
  return (_doc, variables) => valueAtPath(variables.get(name), rest);
}

function arrayLiteral(source: Value[], scope: Scope): Expression {
  const parts = source.map((part) => compileExpression(part, scope));
  return (doc, variables) => parts.map((part) => part(doc, variables) ?? null);
}

function objectLiteral(source: Doc, scope: Scope): Expression {
  const parts = source.values.map((part) => compileExpression(part, scope));
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

function operator(source: Doc, scope: Scope): Expression {
  const name = source.keys[0]!;
  if (source.size !== 1) {
    throw new StoreError(
      15983,
      `An object representing an expression must have exactly one field: ${name}, ${source.keys[1]}`,
    );
  }
  const compiler = OPERATORS.get(name);
  if (compiler === undefined) throw new StoreError(168, `Unrecognized expression '${name}'`);
  const compile: Compile = (argument, names = []) =>
    compileExpression(
      argument,
      names.length === 0 ? scope : { has: (wanted) => names.includes(wanted) || scope.has(wanted) },
    );
  return compiler(source.values[0]!, compile, name);
}
