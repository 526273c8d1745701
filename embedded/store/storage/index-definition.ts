import { indexKeys } from '../index/index.js';
import { compileFilter } from '../query/index.js';
import { Doc, pathParts } from '../values/index.js';

/** Fields of an index with their directions. */
export type IndexPattern = Array<[path: string, direction: 1 | -1]>;

/** One index, ready to compute the keys of a document. */
export interface IndexDefinition {
  readonly id: number;
  readonly name: string;
  readonly pattern: IndexPattern;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Doc | undefined;
  readonly inPartial: ((doc: Doc) => boolean) | undefined;
  /** Seconds after the indexed date at which a document expires. */
  readonly expireAfterSeconds: number | undefined;
  /** The specification as `listIndexes` shows it. */
  readonly spec: Doc;
  /** First parts of the paths that decide this index's keys; undefined when a partial filter is not a plain list. */
  readonly topFields: readonly string[] | undefined;
  /** Per field of the pattern: some document has an array along that path. Never becomes false again. */
  readonly multikey: boolean[];
  /** `multikey` is ahead of what the catalog has on disk. */
  multikeyChanged: boolean;
  /** False while it is being built: writers maintain it, readers do not use it. */
  ready: boolean;
  /** Set when it was dropped; whoever still reads it must stop. */
  dropped: boolean;
  /** Snapshots older than this do not hold the whole index. */
  readySequence: number;
}

/** State of an index that its specification does not tell. */
export interface IndexState {
  ready: boolean;
  multikey?: boolean[];
}

/** Builds the definition from a checked specification (`{ v, key, name, … }`). */
export function indexFromSpec(id: number, spec: Doc, state: IndexState): IndexDefinition {
  const pattern: IndexPattern = [...(spec.get('key') as Doc)].map(([path, direction]) => [
    path,
    Number(direction) < 0 ? -1 : 1,
  ]);
  const partial = spec.get('partialFilterExpression') as Doc | undefined;
  const expire = spec.get('expireAfterSeconds');
  return {
    id,
    name: spec.get('name') as string,
    pattern,
    unique: spec.get('unique') === true || (pattern.length === 1 && pattern[0]?.[0] === '_id'),
    sparse: spec.get('sparse') === true,
    partial,
    inPartial: partial && compileFilter(partial),
    expireAfterSeconds: expire === undefined ? undefined : Number(expire),
    spec,
    topFields: topFields(pattern, partial),
    multikey: state.multikey ?? pattern.map(() => false),
    multikeyChanged: false,
    ready: state.ready,
    dropped: false,
    readySequence: 0,
  };
}

function topFields(pattern: IndexPattern, partial: Doc | undefined): string[] | undefined {
  const paths = [...pattern.map(([path]) => path), ...(partial?.keys ?? [])];
  if (paths.some((path) => path.startsWith('$'))) return undefined;
  return [...new Set(paths.map((path) => path.split('.', 1)[0] as string))];
}

const NO_KEYS: readonly Buffer[] = [];

/** The keys under which `doc` stands in the index, with a note on which fields were arrays. */
export function keysOf(index: IndexDefinition, doc: Doc): readonly Buffer[] {
  if (index.inPartial !== undefined && !index.inPartial(doc)) return NO_KEYS;
  const { keys, multikey } = indexKeys(doc, index.pattern, index);
  if (multikey) noteMultikey(index, doc);
  return keys;
}

function noteMultikey(index: IndexDefinition, doc: Doc): void {
  index.pattern.forEach(([path], at) => {
    if (index.multikey[at] === true || !hasArrayAlong(doc, pathParts(path), 0)) return;
    index.multikey[at] = true;
    index.multikeyChanged = true;
  });
}

function hasArrayAlong(doc: Doc, parts: readonly string[], at: number): boolean {
  const value = doc.get(parts[at] as string);
  if (Array.isArray(value)) return true;
  return value instanceof Doc && at + 1 < parts.length && hasArrayAlong(value, parts, at + 1);
}
