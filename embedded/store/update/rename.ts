import { Doc, StoreError, typeName, type Value } from '../values/index.js';
import { changeAt, overlaps, updatePath } from './path.js';
import { placeholder } from './array-filters.js';

/** One `$rename`: where from, where to. */
export interface Rename {
  from: readonly string[];
  to: readonly string[];
}

/** Reads `{ from: 'to' }`. Throws StoreError 2 for names that cannot be renamed. */
export function parseRename(from: string, to: Value): Rename {
  if (typeof to !== 'string') {
    throw new StoreError(2, `The 'to' field for $rename must be a string: ${from}: ${typeName(to)}`);
  }
  const rename = { from: updatePath(from), to: updatePath(to) };
  if (from === to) throw new StoreError(2, `The source and target field for $rename must differ: ${from}: "${to}"`);
  if (overlaps(rename.from, rename.to)) {
    throw new StoreError(2, `The source and target field for $rename must not be on the same path: ${from}: "${to}"`);
  }
  for (const [role, path] of [
    ['source', rename.from],
    ['destination', rename.to],
  ] as const) {
    if (path.some((part) => placeholder(part) !== undefined)) {
      throw new StoreError(2, `The ${role} field for $rename may not be dynamic: ${path.join('.')}`);
    }
  }
  return rename;
}

/** Moves the value, or leaves the document alone when there is none. Throws StoreError 2 for a path through an array. */
export function applyRename(doc: Doc, { from, to }: Rename): Doc {
  const value = plainValue(doc, from, 'source');
  if (value === undefined) return doc;
  plainValue(doc, to, 'destination');
  return changeAt(
    changeAt(doc, from, () => undefined, false),
    to,
    () => value,
    true,
  );
}

function plainValue(doc: Doc, parts: readonly string[], role: string): Value | undefined {
  let current: Value | undefined = doc;
  for (const part of parts) {
    if (Array.isArray(current)) {
      throw new StoreError(
        2,
        `The ${role} field cannot be an array element, '${parts.join('.')}' leads through an array`,
      );
    }
    current = current instanceof Doc ? current.get(part) : undefined;
  }
  return current;
}
