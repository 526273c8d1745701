import { compileFilter, type Matcher } from '../query/index.js';
import { Doc, pathParts, StoreError, typeName, type Value } from '../values/index.js';

/** MongoDB's QueryFeatureNotAllowed. */
const EXPR_NOT_ALLOWED = 224;

const IDENTIFIER = /^[a-z][a-zA-Z0-9]*$/;

/** The compiled `arrayFilters` of an update; finds the elements that `$[]` and `$[identifier]` stand for. */
export class ArrayFilters {
  private readonly filters = new Map<string, Matcher>();
  private readonly used = new Set<string>();

  /** Throws StoreError 9 or 2 for malformed filters. */
  constructor(sources: readonly Doc[]) {
    for (const source of sources) {
      const identifier = identifierOf(source);
      if (identifier === undefined) {
        throw new StoreError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
      }
      if (!IDENTIFIER.test(identifier)) {
        const rule = 'must be an alphanumeric string beginning with a lowercase letter';
        throw new StoreError(
          2,
          `Error parsing array filter :: caused by :: The top-level field name ${rule}, found '${identifier}'`,
        );
      }
      if (this.filters.has(identifier)) {
        throw new StoreError(9, `Found multiple array filters with the same top-level field name ${identifier}`);
      }
      this.filters.set(identifier, compileFilter(source, { exprCode: EXPR_NOT_ALLOWED }));
    }
  }

  /** Notes which identifiers a path uses. Throws StoreError 2 for one without a filter. */
  use(parts: readonly string[]): void {
    for (const part of parts) {
      const identifier = placeholder(part);
      if (identifier === undefined || identifier === '') continue;
      if (!this.filters.has(identifier)) {
        throw new StoreError(2, `No array filter found for identifier '${identifier}' in path '${parts.join('.')}'`);
      }
      this.used.add(identifier);
    }
  }

  /** Throws StoreError 9 when a filter belongs to no path. */
  requireAllUsed(): void {
    const unused = [...this.filters.keys()].find((identifier) => !this.used.has(identifier));
    if (unused !== undefined) {
      throw new StoreError(9, `The array filter for identifier '${unused}' was not used in the update`);
    }
  }

  /** The concrete paths a path stands for in this document. Throws StoreError 2 when there is no array to look into. */
  resolve(doc: Doc, parts: readonly string[]): (readonly string[])[] {
    const at = parts.findIndex((part) => placeholder(part) !== undefined);
    if (at < 0) return [parts];
    const before = parts.slice(0, at);
    const elements = arrayAt(doc, before);
    const filter = this.filters.get(placeholder(parts[at]!)!);
    return elements.flatMap((element, i) => {
      if (filter !== undefined && !filter(new Doc([placeholder(parts[at]!)!], [element]))) return [];
      return this.resolve(doc, [...before, String(i), ...parts.slice(at + 1)]);
    });
  }
}

/** The identifier inside `$[...]`, empty for all elements; undefined for an ordinary name. */
export function placeholder(part: string): string | undefined {
  return part.startsWith('$[') ? part.slice(2, -1) : undefined;
}

function arrayAt(doc: Doc, parts: readonly string[]): Value[] {
  let current: Value | undefined = doc;
  for (const part of parts) {
    if (current instanceof Doc) current = current.get(part);
    else if (Array.isArray(current)) current = current[Number(part)];
    else current = undefined;
  }
  const path = parts.join('.');
  if (current === undefined) {
    throw new StoreError(2, `The path '${path}' must exist in the document in order to apply array updates.`);
  }
  if (!Array.isArray(current)) {
    throw new StoreError(2, `Cannot apply array updates to non-array element ${path} of type ${typeName(current)}`);
  }
  return current;
}

function identifierOf(filter: Doc): string | undefined {
  const found = new Set<string>();
  collect(filter, found);
  const [first, second] = found;
  if (second !== undefined) {
    throw new StoreError(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${first}' and '${second}'`,
    );
  }
  return first;
}

function collect(filter: Doc, found: Set<string>): void {
  for (const [key, value] of filter) {
    if (!key.startsWith('$')) found.add(pathParts(key)[0]!);
    else if (Array.isArray(value)) for (const clause of value) if (clause instanceof Doc) collect(clause, found);
  }
}
