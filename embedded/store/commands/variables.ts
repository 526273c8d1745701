import { compileExpression } from '../aggregate/index.js';
import { Doc, StoreError, type Value } from '../values/index.js';
import type { Arguments } from './arguments.js';

/** The values of `$$name` that a command defines with `let`; an expression may use those before it. */
export type Variables = ReadonlyMap<string, Value>;

/**
 * Evaluates a command's `let`; undefined when it has none. Throws StoreError 16867 for a name that is none, and 4890500
 * for an expression that reads a field: there is no document yet.
 */
export function letVariables(body: Arguments): Variables | undefined {
  const definitions = body.document('let');
  if (definitions === undefined || definitions.size === 0) return undefined;
  const variables = new Map<string, Value>([['NOW', new Date()]]);
  for (const [name, source] of definitions) {
    if (!/^[a-z\u0080-\u{10ffff}][a-zA-Z0-9_\u0080-\u{10ffff}]*$/u.test(name)) {
      throw new StoreError(16867, `'${name}' starts with an invalid character for a user variable name`);
    }
    if (readsField(source)) {
      throw new StoreError(
        4890500,
        `Command let Expression tried to access a field, but this is not allowed because command let expressions run before the query examines any documents: ${name}`,
      );
    }
    const value = compileExpression(source, variables)(new Doc(), variables);
    if (value === undefined)
      throw new StoreError(238, `A missing value in 'let' is not supported by this store: ${name}`);
    variables.set(name, value);
  }
  return variables;
}

function readsField(source: Value): boolean {
  if (typeof source === 'string') return /^\$(?:[^$]|\$(?:ROOT|CURRENT)\b)/.test(source);
  if (Array.isArray(source)) return source.some(readsField);
  return source instanceof Doc && !source.has('$literal') && source.values.some(readsField);
}
