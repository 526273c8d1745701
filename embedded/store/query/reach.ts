import { arrayIndex, Doc, pathParts, type Value } from '../values/index.js';

/** Tests one element of a path; undefined stands for "no such field". */
export type Test = (value: Value | undefined) => boolean;

/** Tests a whole document. */
export type Matcher = (doc: Doc) => boolean;

/**
 * True when any element that the path leads to passes: a filter's path goes through arrays on its way, and with
 * `spread` also looks at the elements of an array it ends at, besides the array itself (manual: "Query an Array").
 */
export function reach(path: string, test: Test, spread: boolean): Matcher {
  const parts = pathParts(path);
  if (parts.length > 1) return (doc) => walk(doc, parts, 0, test, spread);
  return (doc) => leaf(doc.get(path), test, spread);
}

function leaf(value: Value | undefined, test: Test, spread: boolean): boolean {
  if (spread && Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (test(value[i])) return true;
  }
  return test(value);
}

function walk(root: Doc, parts: readonly string[], from: number, test: Test, spread: boolean): boolean {
  let current: Value | undefined = root;
  for (let i = from; i < parts.length; i++) {
    if (current instanceof Doc) current = current.get(parts[i]!);
    else if (Array.isArray(current)) return throughArray(current, parts, i, test, spread);
    else return test(undefined);
  }
  return leaf(current, test, spread);
}

/** Objects in the array continue the path; a numeric component also names a position. */
function throughArray(array: Value[], parts: readonly string[], at: number, test: Test, spread: boolean): boolean {
  const position = arrayIndex(parts[at]!);
  for (let i = 0; i < array.length; i++) {
    const element = array[i]!;
    if (element instanceof Doc && walk(element, parts, at, test, spread)) return true;
    if (i === position && fromPosition(element, parts, at + 1, test, spread)) return true;
  }
  return false;
}

function fromPosition(element: Value, parts: readonly string[], at: number, test: Test, spread: boolean): boolean {
  if (at === parts.length) return test(element);
  if (element instanceof Doc) return walk(element, parts, at, test, spread);
  return Array.isArray(element) && throughArray(element, parts, at, test, spread);
}
