import { compileExpression, truthy } from '../aggregate/expression.js';
import { BSONRegExp, Doc, StoreError, type Value } from '../values/index.js';
import { compileOperators, isOperatorDoc } from './operators.js';
import { equalTo } from './comparison.js';
import { reach, type Matcher } from './reach.js';
import { compileRegex } from './regex.js';

/** What a filter may refer to besides the document. */
export interface FilterOptions {
  /** Values of `$$name` inside `$expr`: the command's `let`. */
  variables?: ReadonlyMap<string, Value>;
  /** Where MongoDB allows no `$expr`: the code that refuses it. */
  exprCode?: number;
}

/** Operators that MongoDB has and this store refuses. */
const UNSUPPORTED = new Set(['$where', '$text', '$jsonSchema', '$sampleRate', '$alwaysTrue', '$alwaysFalse']);

/**
 * Turns a filter into a test. Throws StoreError 2 for unknown or malformed operators and 238 for those that MongoDB
 * knows and this store does not.
 */
export function compileFilter(filter: Doc, options: FilterOptions = {}): Matcher {
  const parts: Matcher[] = [];
  for (const [key, value] of filter)
    parts.push(key.startsWith('$') ? topLevel(key, value, options) : field(key, value));
  return allOf(parts.filter((part) => part !== always));
}

/** Variables with `$$NOW` among them; it is fixed when the filter is compiled. */
export function withNow(variables: ReadonlyMap<string, Value> = new Map()): ReadonlyMap<string, Value> {
  return variables.has('NOW') ? variables : new Map(variables).set('NOW', new Date());
}

const always: Matcher = () => true;

function allOf(parts: Matcher[]): Matcher {
  const [first, second] = parts;
  if (first === undefined) return always;
  if (second === undefined) return first;
  return (doc) => {
    for (let i = 0; i < parts.length; i++) if (!parts[i]!(doc)) return false;
    return true;
  };
}

function anyOf(parts: Matcher[]): Matcher {
  return (doc) => {
    for (let i = 0; i < parts.length; i++) if (parts[i]!(doc)) return true;
    return false;
  };
}

function field(path: string, condition: Value): Matcher {
  if (condition instanceof BSONRegExp) return reach(path, compileRegex(condition), true);
  if (!(condition instanceof Doc) || !isOperatorDoc(condition)) return reach(path, equalTo(condition), true);
  return compileOperators(condition, {
    path,
    bind: (test, spread) => reach(path, test, spread),
    compileFilter: (filter) => compileFilter(filter, { exprCode: 2 }),
  });
}

function topLevel(operator: string, value: Value, options: FilterOptions): Matcher {
  switch (operator) {
    case '$and':
      return allOf(clauses(operator, value, options));
    case '$or':
      return anyOf(clauses(operator, value, options));
    case '$nor': {
      const any = anyOf(clauses(operator, value, options));
      return (doc) => !any(doc);
    }
    case '$comment':
      return always;
    // The fields of a DBRef, as in $elemMatch on a list of them.
    case '$ref':
    case '$id':
    case '$db':
      return reach(operator, equalTo(value), true);
    case '$expr': {
      if (options.exprCode !== undefined) throw exprNotAllowed(options.exprCode);
      const variables = withNow(options.variables);
      const expression = compileExpression(value, variables);
      return (doc) => truthy(expression(doc, variables));
    }
    default:
      throw unknownTopLevel(operator);
  }
}

function exprNotAllowed(code: number): StoreError {
  return new StoreError(code, '$expr is not allowed in this context: it applies to whole documents only');
}

function unknownTopLevel(operator: string): StoreError {
  if (UNSUPPORTED.has(operator)) return new StoreError(238, `${operator} is not supported by this store`);
  const advice = "If you have a field name that starts with a '$' symbol, consider using $getField or $setField.";
  return new StoreError(2, `unknown top level operator: ${operator}. ${advice}`);
}

function clauses(operator: string, value: Value, options: FilterOptions): Matcher[] {
  if (!Array.isArray(value)) throw new StoreError(2, `${operator} must be an array`);
  if (value.length === 0) throw new StoreError(2, '$and/$or/$nor must be a nonempty array');
  return value.map((clause) => {
    if (!(clause instanceof Doc)) throw new StoreError(2, '$or/$and/$nor entries need to be full objects');
    return compileFilter(clause, options);
  });
}
