import { Doc, pathParts, StoreError, type Value } from '../values/index.js';

/**
 * Value of a path in an expression: arrays on the way are mapped, but not arrays inside these; positions do not count,
 * missing stays missing (manual: "Field Path").
 */
export function valueAtPath(root: Value | undefined, parts: readonly string[], from = 0): Value | undefined {
  let current = root;
  for (let i = from; i < parts.length; i++) {
    if (current instanceof Doc) current = current.get(parts[i]!);
    else if (Array.isArray(current)) return mapped(current, parts, i);
    else return undefined;
  }
  return current;
}

function mapped(array: Value[], parts: readonly string[], from: number): Value[] {
  const found: Value[] = [];
  for (const element of array) {
    const value = element instanceof Doc ? valueAtPath(element, parts, from) : undefined;
    if (value !== undefined) found.push(value);
  }
  return found;
}

/** Checks a path and splits it. Throws StoreError 40352/40353 for empty parts and 16410 for a `$` at the start. */
export function fieldPath(path: string): readonly string[] {
  if (path === '') throw new StoreError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw new StoreError(40353, "FieldPath must not end with a '.'.");
  const parts = pathParts(path);
  for (const part of parts) {
    if (part === '') throw new StoreError(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$')) {
      throw new StoreError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    }
    if (part.includes('\0')) throw new StoreError(16411, 'FieldPath field names may not contain NUL characters.');
  }
  return parts;
}
