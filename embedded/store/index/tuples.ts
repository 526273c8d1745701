import { arrayIndex, Doc, pathParts, StoreError, Undefined, type Value } from '../values/index.js';

/** The values that a document has under some paths, one tuple for each element of an array among them. */
export interface Tuples {
  tuples: Value[][];
  /** True when an array was spread. */
  multikey: boolean;
  /** True when the document has none of the paths. */
  allMissing: boolean;
}

/** How far the walk to one field has come: `next` is the first part of its path below the current element. */
interface Field {
  parts: readonly string[];
  next: number;
  value: Value | undefined;
  done: boolean;
}

/** An array on the way to one or more fields. */
interface Spread {
  elements: Value[];
  path: string;
  fields: number[];
}

/**
 * The values an index or a sort sees: a missing field is null and an empty array undefined; paths below one array take
 * their values from the same element. Throws StoreError 171 for two arrays side by side and 16746 for a position that
 * is also a field name. With `sparse`, elements that have none of the paths give no tuple.
 */
export function indexTuples(doc: Doc, paths: readonly string[], sparse = false): Tuples {
  const plain = plainTuple(doc, paths);
  if (plain !== undefined) return withoutArrays(plain, sparse);
  const fields = paths.map((path): Field => ({ parts: pathParts(path), next: 0, value: undefined, done: false }));
  const collector = new Collector(sparse);
  collector.expand(doc, fields);
  return { tuples: collector.tuples, multikey: collector.multikey, allMissing: !collector.present };
}

/** The values under the paths when no array is met, which is the usual case; undefined for missing ones. */
function plainTuple(doc: Doc, paths: readonly string[]): (Value | undefined)[] | undefined {
  const tuple: (Value | undefined)[] = [];
  for (const path of paths) {
    let current: Value | undefined = doc;
    for (const part of pathParts(path)) {
      current = current instanceof Doc ? current.get(part) : undefined;
      if (Array.isArray(current)) return undefined;
    }
    tuple.push(current);
  }
  return tuple;
}

function withoutArrays(tuple: (Value | undefined)[], sparse: boolean): Tuples {
  const allMissing = tuple.every((value) => value === undefined);
  const tuples = sparse && allMissing ? [] : [tuple.map((value) => value ?? null)];
  return { tuples, multikey: false, allMissing };
}

class Collector {
  readonly tuples: Value[][] = [];
  multikey = false;
  present = false;
  private readonly sparse: boolean;

  constructor(sparse: boolean) {
    this.sparse = sparse;
  }

  expand(root: Value, fields: Field[]): void {
    let spread: Spread | undefined;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      if (field.done) continue;
      const elements = walk(root, field);
      if (elements === undefined) continue;
      const path = field.parts.slice(0, field.next).join('.');
      if (spread === undefined) spread = { elements, path, fields: [i] };
      else if (spread.path === path) spread.fields.push(i);
      else throw new StoreError(171, `cannot index parallel arrays [${path}] [${spread.path}]`);
    }
    if (spread === undefined) this.add(fields);
    else this.spread(spread, fields);
  }

  private add(fields: Field[]): void {
    const missing = fields.every((field) => field.value === undefined);
    if (!missing) this.present = true;
    if (!missing || !this.sparse) this.tuples.push(fields.map((field) => field.value ?? null));
  }

  private spread({ elements, fields: spreading }: Spread, fields: Field[]): void {
    this.multikey = true;
    if (elements.length === 0) return this.expandElement(Undefined.value, spreading, fields);
    for (const element of elements) this.expandElement(element, spreading, fields);
  }

  private expandElement(element: Value, spreading: number[], fields: Field[]): void {
    const copies = fields.map((field) => ({ ...field }));
    for (const i of spreading) {
      const copy = copies[i]!;
      if (copy.next < copy.parts.length) continue;
      copy.value = element;
      copy.done = true;
    }
    this.expand(element instanceof Doc ? element : null, copies);
  }
}

/** Follows a field's path from `root`; returns the array it meets, else leaves the value found in the field. */
function walk(root: Value, field: Field): Value[] | undefined {
  let current: Value | undefined = root;
  while (field.next < field.parts.length) {
    const part = field.parts[field.next]!;
    if (current instanceof Doc) current = current.get(part);
    else if (Array.isArray(current) && arrayIndex(part) >= 0) current = atPosition(current, part);
    else break;
    field.next++;
  }
  if (Array.isArray(current)) return current;
  field.done = true;
  field.value = field.next === field.parts.length ? current : undefined;
  field.next = field.parts.length;
  return undefined;
}

function atPosition(elements: Value[], part: string): Value | undefined {
  const named = elements.some((element) => element instanceof Doc && element.has(part));
  if (named) {
    const advice = 'do not use numeric field names in embedded elements in an array';
    throw new StoreError(16746, `Ambiguous field name found in array (${advice}), field: '${part}'`);
  }
  return elements[arrayIndex(part)];
}
