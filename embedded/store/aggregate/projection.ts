import { Doc, isNumber, StoreError, type Value } from '../values/index.js';
import type { Scope, Variables } from './evaluate.js';
import { compileExpression, isOperator, truthy } from './expression.js';
import { fieldPath } from './field-path.js';
import { ProjectionNode } from './projection-tree.js';

/** A compiled projection. */
export interface Projection {
  mode: 'inclusion' | 'exclusion';
  apply(doc: Doc, variables: Variables): Doc;
}

/**
 * Compiles an inclusion or exclusion with optional computed fields: `$project`'s argument, or a find projection
 * without its own operators. `fallback` is the mode when only `_id` or nothing is named. Throws StoreError 31253 or
 * 31254 when both kinds are mixed.
 */
export function compileFields(spec: Doc, scope: Scope, fallback?: 'inclusion' | 'exclusion'): Projection {
  const fields = flatten(spec, '');
  const id = fields.find(({ path }) => path === '_id');
  const others = fields.filter((field) => field !== id);
  const mode =
    others.reduce<Mode>(combineModes, undefined) ??
    fallback ??
    (id && kindOf(id.value) !== 'drop' ? 'inclusion' : 'exclusion');
  const tree = new ProjectionNode();
  for (const { path, value } of others) tree.add(fieldPath(path), leafOf(value, scope));
  const idLeaf = id === undefined ? 'keep' : leafOf(id.value, scope);
  if (typeof idLeaf === 'function' || idLeaf === (mode === 'inclusion' ? 'keep' : 'drop')) {
    if (id !== undefined || !others.some(({ path }) => path.startsWith('_id.'))) tree.add(['_id'], idLeaf);
  }
  return {
    mode,
    apply: (doc, variables) =>
      tree.compute(mode === 'inclusion' ? tree.include(doc) : tree.exclude(doc), doc, variables),
  };
}

interface Field {
  path: string;
  value: Value;
}

type Mode = 'inclusion' | 'exclusion' | undefined;

/** Nested documents without operators are paths written differently. */
function flatten(spec: Doc, prefix: string): Field[] {
  return [...spec].flatMap(([key, value]) => {
    const path = prefix + key;
    if (!(value instanceof Doc) || value.keys[0]?.startsWith('$')) return [{ path, value }];
    if (value.size === 0) {
      throw new StoreError(51270, `An empty sub-projection is not a valid value. Found empty object at path ${path}`);
    }
    return flatten(value, `${path}.`);
  });
}

function kindOf(value: Value): 'keep' | 'drop' | 'computed' {
  if (typeof value !== 'boolean' && !isNumber(value)) return 'computed';
  return truthy(value) ? 'keep' : 'drop';
}

function leafOf(value: Value, scope: Scope): ReturnType<typeof compileExpression> | 'keep' | 'drop' {
  const kind = kindOf(value);
  if (kind !== 'computed') return kind;
  const operator = value instanceof Doc ? value.keys[0] : undefined;
  if (operator !== undefined && !isOperator(operator)) throw new StoreError(31325, `Unknown expression ${operator}`);
  return compileExpression(value, scope);
}

function combineModes(mode: Mode, { path, value }: Field): Mode {
  const kind = kindOf(value);
  const own = kind === 'drop' ? 'exclusion' : 'inclusion';
  if (mode === undefined || mode === own) return own;
  if (kind === 'computed')
    throw new StoreError(31252, `Cannot use expression other than $meta in exclusion projection: ${path}`);
  if (kind === 'keep') throw new StoreError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
  throw new StoreError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
}
