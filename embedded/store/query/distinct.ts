import { arrayIndex, Doc, pathParts, type Value } from '../values/index.js';

/**
 * The values that `distinct` collects from a document: the elements of an array instead of the array itself, through
 * arrays on the way, by position where the path has a number (manual: "distinct", "Array Fields").
 */
export function distinctValues(doc: Doc, path: string): Value[] {
  const found: Value[] = [];
  walk(doc, pathParts(path), 0, found);
  return found;
}

function walk(value: Value | undefined, parts: readonly string[], at: number, found: Value[]): void {
  if (value === undefined) return;
  if (at === parts.length) {
    if (Array.isArray(value)) found.push(...value);
    else found.push(value);
    return;
  }
  const part = parts[at]!;
  if (value instanceof Doc) walk(value.get(part), parts, at + 1, found);
  else if (Array.isArray(value)) {
    for (const element of value) if (element instanceof Doc) walk(element, parts, at, found);
    const position = arrayIndex(part);
    if (position >= 0) walk(value[position], parts, at + 1, found);
  }
}
