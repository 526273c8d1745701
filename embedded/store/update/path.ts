import { arrayIndex, Doc, pathParts, StoreError, typeName, type Value } from '../values/index.js';

/** Gives the new value of a field, the same one for "unchanged", or undefined to remove it. */
export type Change = (old: Value | undefined) => Value | undefined;

/** MongoDB's limit on the nulls that it fills in before a far array position. */
const MAX_BACKFILL = 1_500_000;

/** Splits an update path. Throws StoreError 56 for empty names. */
export function updatePath(path: string): readonly string[] {
  if (path === '') throw new StoreError(56, 'An empty update path is not valid.');
  const parts = pathParts(path);
  for (const part of parts) {
    if (part === '')
      throw new StoreError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
    if (part === '$') {
      throw new StoreError(
        238,
        `The positional operator '$' in '${path}' is not supported by this store: use arrayFilters`,
      );
    }
  }
  return parts;
}

/**
 * An update may store names that begin with `$` below the top level only; an upsert that inserts is not held to that
 * (manual: "Dollar-Prefixed Field Names"). Throws StoreError 52, or 55 for the names of a DBRef.
 */
export function refuseTopDollar(name: string): void {
  if (!name.startsWith('$')) return;
  if (name === '$ref') throw new StoreError(55, 'The DBRef $ref field must be followed by a $id field');
  if (name === '$id') throw new StoreError(55, 'Found $id field without a $ref before it, which is invalid.');
  if (name === '$db') throw new StoreError(55, 'Found $db field without a $id before it, which is invalid.');
  throw new StoreError(
    52,
    `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
  );
}

/** A path as MongoDB orders the fields that one update touches: positions by number, names by text. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const left = a[i]!;
    const right = b[i]!;
    if (left === right) continue;
    const [leftIndex, rightIndex] = [arrayIndex(left), arrayIndex(right)];
    if (leftIndex >= 0 && rightIndex >= 0) return leftIndex - rightIndex;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

/** True when one path is the other or leads to it. */
export function overlaps(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Applies a change at a path and returns the new document, or the same one when nothing changed; untouched parts stay
 * shared. With `create`, missing parents are made. Throws StoreError 28 when the path leads through a value that is
 * neither a document nor an array.
 */
export function changeAt(doc: Doc, parts: readonly string[], change: Change, create: boolean): Doc {
  return changeField(doc, parts, 0, change, create);
}

function changeField(doc: Doc, parts: readonly string[], at: number, change: Change, create: boolean): Doc {
  const name = parts[at]!;
  const old = doc.get(name);
  const next = changed(old, parts, at, change, create);
  if (next === old) return doc;
  const copy = doc.clone();
  if (next === undefined) copy.delete(name);
  else copy.set(name, next);
  return copy;
}

function changed(
  old: Value | undefined,
  parts: readonly string[],
  at: number,
  change: Change,
  create: boolean,
): Value | undefined {
  if (at === parts.length - 1) return change(old);
  if (old instanceof Doc) return changeField(old, parts, at + 1, change, create);
  if (Array.isArray(old)) return changeElement(old, parts, at + 1, change, create);
  if (!create) return old;
  if (old === undefined) return created(parts, at + 1, change);
  throw notViable(parts[at + 1]!, parts[at]!, old);
}

/** Parents of a missing field are made only when the change gives a value. */
function created(parts: readonly string[], at: number, change: Change): Value | undefined {
  const parent = changeField(new Doc(), parts, at, change, true);
  return parent.size === 0 ? undefined : parent;
}

function changeElement(old: Value[], parts: readonly string[], at: number, change: Change, create: boolean): Value[] {
  const part = parts[at]!;
  const index = arrayIndex(part);
  if (index < 0) {
    if (!create) return old;
    throw notViable(part, parts[at - 1]!, old);
  }
  const next = changed(old[index], parts, at, change, create);
  if (next === old[index]) return old;
  if (index - old.length > MAX_BACKFILL) {
    throw new StoreError(31, `can't backfill more than ${MAX_BACKFILL} elements`);
  }
  const copy = old.slice();
  while (copy.length < index) copy.push(null);
  copy[index] = next ?? null;
  return copy;
}

function notViable(part: string, parent: string, value: Value): StoreError {
  return new StoreError(28, `Cannot create field '${part}' in element '${parent}' of type ${typeName(value)}`);
}
