import { arrayIndex, Doc, pathParts, StoreError, Undefined, type Value } from '../values/index.js';
import { encodeKeyValue, type Direction } from './key-value.js';

/** The indexed fields in order, each ascending (1) or descending (-1). */
export type KeyPattern = readonly (readonly [path: string, direction: Direction])[];

/** What one document contributes to an index. */
export interface IndexKeys {
  /** Distinct keys; one, unless an array is indexed. */
  keys: Buffer[];
  /** True when an array made the keys. */
  multikey: boolean;
  /** True when the document has none of the fields: a sparse index leaves it out. */
  allMissing: boolean;
}

/** Longest key in bytes: LMDB takes 1,978, and the engine adds the record's own key to it. */
export const MAX_KEY_BYTES = 1900;

/** How far the walk to one field has come: `rest` is what remains of its path below the current element. */
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
 * The byte keys of a document. A missing field is null and an empty array undefined, as in MongoDB's indexes; the
 * fields below one array are taken from the same element. Throws StoreError 171 for two arrays side by side, 16746 for
 * a position that is also a field name, and 17280 for a key above `MAX_KEY_BYTES`.
 */
export function indexKeys(doc: Doc, pattern: KeyPattern): IndexKeys {
  const fields = pattern.map(([path]): Field => ({ parts: pathParts(path), next: 0, value: undefined, done: false }));
  const builder = new KeyBuilder(pattern);
  builder.expand(doc, fields);
  return { keys: builder.keys, multikey: builder.multikey, allMissing: !builder.present };
}

class KeyBuilder {
  readonly keys: Buffer[] = [];
  multikey = false;
  present = false;
  private readonly seen = new Set<string>();
  private readonly pattern: KeyPattern;

  constructor(pattern: KeyPattern) {
    this.pattern = pattern;
  }

  expand(root: Value, fields: Field[]): void {
    let spread: Spread | undefined;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      if (field.done) continue;
      const elements = walk(root, field);
      if (elements === undefined) {
        if (field.value !== undefined) this.present = true;
        continue;
      }
      const path = field.parts.slice(0, field.next).join('.');
      if (spread === undefined) spread = { elements, path, fields: [i] };
      else if (spread.elements === elements) spread.fields.push(i);
      else throw new StoreError(171, `cannot index parallel arrays [${path}] [${spread.path}]`);
    }
    if (spread === undefined) this.add(fields);
    else this.spread(spread, fields);
  }

  private spread({ elements, fields: spreading }: Spread, fields: Field[]): void {
    this.multikey = true;
    this.present = true;
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

  private add(fields: Field[]): void {
    const parts = fields.map((field, i) => encodeKeyValue(field.value ?? null, this.pattern[i]![1]));
    const key = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    if (key.length > MAX_KEY_BYTES) throw keyTooLong(this.pattern, key.length);
    if (this.multikey) {
      const text = key.toString('latin1');
      if (this.seen.has(text)) return;
      this.seen.add(text);
    }
    this.keys.push(key);
  }
}

function keyTooLong(pattern: KeyPattern, length: number): StoreError {
  const fields = pattern.map(([path]) => path).join(', ');
  const text = `Index key too long: ${length} bytes for the index on (${fields}), at most ${MAX_KEY_BYTES} are allowed`;
  return new StoreError(17280, text, { codeName: 'KeyTooLong' });
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
  if (named)
    throw new StoreError(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${part}'`,
    );
  return elements[arrayIndex(part)];
}
