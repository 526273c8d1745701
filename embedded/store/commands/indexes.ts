import { compileFilter } from '../query/index.js';
import { namespaceOf, type Collection } from '../storage/catalog.js';
import type { IndexDefinition } from '../storage/index-definition.js';
import { buildIndexes, settleBuilds } from '../storage/index-build.js';
import { Doc, encodeDoc, equalValues, isNumber, StoreError, typeName, type Value } from '../values/index.js';
import { Arguments } from './arguments.js';
import { targetCollection, targetName, type Command, type CommandContext } from './context.js';
import { listSource } from './collections.js';
import { ensureCollection } from './ensure-collection.js';

/** Options of an index that are honoured; any other is refused by name. */
const INDEX_FIELDS = [
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'hidden',
  'background',
  'ns',
];
/** Most indexes of a collection (MongoDB limit). */
const MAX_INDEXES = 64;
/** Largest `expireAfterSeconds` (MongoDB limit). */
const MAX_EXPIRE = 2_147_483_647;

/** `createIndexes`: answers when every index is built. */
export const createIndexes: Command = {
  fields: ['createIndexes', 'indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
  async run(context) {
    const wanted = context.body.documents('indexes') ?? [];
    if (wanted.length === 0) throw new StoreError(2, 'Must specify at least one index to create');
    const specs = wanted.map(normalizedSpec);
    requireDistinct(specs);
    const before = context.server.store.catalog.find(context.database, targetName(context));
    const collection = await ensureCollection(context);
    // Of several who waited for one build, the first to go on has begun the next.
    do await settleBuilds(context.server.store, collection);
    while (collection.building !== undefined);
    const count = collection.indexes.length;
    const fresh = specs.filter((spec) => !exists(collection, spec));
    if (count + fresh.length > MAX_INDEXES) {
      throw new StoreError(67, `add index fails, too many indexes for ${namespaceOf(collection)}`);
    }
    if (fresh.length > 0) await buildIndexes(context.server.store, collection, fresh);
    const result = new Doc(
      ['numIndexesBefore', 'numIndexesAfter', 'createdCollectionAutomatically'],
      [count, collection.indexes.length, before === undefined],
    );
    if (fresh.length === 0) result.append('note', 'all indexes already exist');
    return result;
  },
};

/** One command cannot create the same index, or two of one name, at once. */
function requireDistinct(specs: readonly Doc[]): void {
  for (const [at, spec] of specs.entries()) {
    const name = spec.get('name') as string;
    const twin = specs.slice(0, at).find((other) => other.get('name') === name || sameFields(other, spec, SIGNATURE));
    if (twin === undefined) continue;
    if (sameFields(twin, spec, ['name', ...SIGNATURE])) {
      throw conflict(68, 'IndexAlreadyExists', `Identical index already exists: ${name}`);
    }
    if (twin.get('name') === name) throw conflict(86, 'IndexKeySpecsConflict', `Two indexes of the name ${name}`);
    throw conflict(85, 'IndexOptionsConflict', `The same index under two names: ${name}`);
  }
}

/** Checks a specification and writes it as `listIndexes` will show it. Throws 67 and 197 for what cannot be built. */
function normalizedSpec(spec: Doc): Doc {
  const key = spec.get('key');
  const name = spec.get('name');
  if (!(key instanceof Doc) || key.size === 0) throw new StoreError(67, 'Index keys cannot be empty.');
  if (name === undefined) throw new StoreError(9, "The 'name' field is a required property of an index specification");
  if (typeof name !== 'string') throw new StoreError(14, "The field 'name' must be a string");
  if (name === '') throw new StoreError(67, 'index name cannot be empty');
  if (name === '*') throw new StoreError(2, "The index name '*' is not valid.");
  // First what kind of index it is: options such as `default_language` belong to kinds that do not exist here.
  for (const [path, direction] of key) checkField(path, direction);
  for (const field of spec.keys) {
    if (!INDEX_FIELDS.includes(field)) {
      throw new StoreError(
        197,
        `The field '${field}' is not valid for an index specification of this store. Specification: ${name}`,
      );
    }
  }
  const result = new Doc(['v', 'key', 'name'], [2, key, name]);
  for (const flag of ['unique', 'sparse', 'hidden']) {
    if (new Arguments('createIndexes.indexes', spec).boolean(flag) === true) result.append(flag, true);
  }
  if (isIdIndex(key)) checkIdIndex(spec);
  appendPartial(result, spec.get('partialFilterExpression'));
  appendExpire(result, spec.get('expireAfterSeconds'), key);
  return result;
}

function isIdIndex(key: Doc): boolean {
  return key.size === 1 && key.has('_id');
}

/** The index on `_id` is always there, and takes no options. */
function checkIdIndex(spec: Doc): void {
  if (spec.get('hidden') === true) throw new StoreError(2, "can't hide _id index");
  const option = ['unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'].find((name) => spec.has(name));
  if (option === undefined) return;
  throw new StoreError(197, `The field '${option}' is not valid for an _id index specification. Specification: _id_`);
}

function checkField(path: string, direction: Value): void {
  if (typeof direction === 'string')
    throw new StoreError(67, `Index type '${direction}' is not supported by this store`);
  if (!isNumber(direction) || Number(direction) === 0) {
    throw new StoreError(
      67,
      `Values in the index key pattern must be numbers other than 0, or supported types: ${path}`,
    );
  }
  if (path === '' || path.split('.').includes(''))
    throw new StoreError(67, `Index keys cannot contain an empty field: '${path}'`);
  if (path.includes('$**')) throw new StoreError(67, 'Wildcard indexes are not supported by this store');
  const isIllegal = (part: string, at: number): boolean =>
    part.startsWith('$') && !(at > 0 && ['$ref', '$id', '$db'].includes(part));
  if (path.split('.').some(isIllegal))
    throw new StoreError(67, `Index key contains an illegal field name: field name starts with '$': ${path}`);
}

const PARTIAL_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$exists', '$in']);

function appendPartial(result: Doc, partial: Value | undefined): void {
  if (partial === undefined) return;
  if (!(partial instanceof Doc))
    throw new StoreError(67, "'partialFilterExpression' for an index has to be a document");
  if (result.get('sparse') === true)
    throw new StoreError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  checkPartial(partial);
  compileFilter(partial);
  result.append('partialFilterExpression', partial);
}

function checkPartial(partial: Doc): void {
  for (const [field, condition] of partial) {
    if (field === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (part instanceof Doc) checkPartial(part);
    } else if (field.startsWith('$')) {
      throw new StoreError(67, `unsupported expression in partial index: ${field}`);
    } else if (condition instanceof Doc && condition.keys[0]?.startsWith('$') === true) {
      const bad = [...condition].find(
        ([name, value]) => !PARTIAL_OPERATORS.has(name) || (name === '$exists' && value !== true),
      );
      if (bad !== undefined) throw new StoreError(67, `unsupported expression in partial index: ${bad[0]}`);
    }
  }
}

function appendExpire(result: Doc, expire: Value | undefined, key: Doc): void {
  if (expire === undefined) return;
  const seconds = expireSeconds(expire, 67);
  if (key.size !== 1 || key.has('_id'))
    throw new StoreError(67, 'TTL indexes are single-field indexes and cannot be on _id');
  result.append('expireAfterSeconds', seconds);
}

/** Whole seconds of a TTL index. Throws StoreError `code` for what is no number of them. */
export function expireSeconds(expire: Value, code: number): number {
  if (!isNumber(expire)) throw new StoreError(code, 'TTL index expireAfterSeconds option must be numeric');
  const seconds = Number(expire.toString());
  if (seconds >= 0 && seconds <= MAX_EXPIRE) return Math.trunc(seconds);
  throw new StoreError(
    code,
    `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a number from 0 to ${MAX_EXPIRE}`,
  );
}

/** What makes two indexes two, besides the name. */
const SIGNATURE = ['key', 'unique', 'sparse', 'partialFilterExpression'];

/** True when the collection has the same index; throws 85 or 86 when it has another one of that name or kind. */
function exists(collection: Collection, spec: Doc): boolean {
  if (isIdIndex(spec.get('key') as Doc)) return true;
  const name = spec.get('name') as string;
  const sameName = collection.indexes.find((index) => index.name === name);
  if (sameName !== undefined) {
    if (!sameFields(sameName.spec, spec, SIGNATURE)) {
      throw conflict(
        86,
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index, but another key or other options: ${name}`,
      );
    }
    if (sameFields(sameName.spec, spec, ['expireAfterSeconds'])) return true;
    throw conflict(
      85,
      'IndexOptionsConflict',
      `An equivalent index already exists with the same name but different options: ${name}`,
    );
  }
  const same = collection.indexes.find((index) => sameFields(index.spec, spec, SIGNATURE));
  if (same === undefined) return false;
  throw conflict(85, 'IndexOptionsConflict', `Index already exists with a different name: ${same.name}`);
}

function sameFields(a: Doc, b: Doc, fields: string[]): boolean {
  return fields.every((field) => {
    const left = a.get(field);
    const right = b.get(field);
    return left === undefined || right === undefined ? left === right : equalValues(left, right);
  });
}

function conflict(code: number, codeName: string, message: string): StoreError {
  return new StoreError(code, message, { codeName });
}

/** The collection that a command names. Throws 26 when it does not exist. */
export function requireCollection(context: CommandContext): Collection {
  const collection = targetCollection(context);
  if (collection === undefined) {
    throw new StoreError(26, `ns does not exist: ${context.database}.${targetName(context)}`, {
      codeName: 'NamespaceNotFound',
    });
  }
  return collection;
}

/** `listIndexes`. */
export const listIndexes: Command = {
  fields: ['listIndexes', 'cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  async run(context) {
    const collection = requireCollection(context);
    const documents = collection.indexes.filter((index) => index.ready).map((index) => encodeDoc(index.spec));
    return listSource(context, `${context.database}.${collection.name}`, documents);
  },
};

/** `dropIndexes`: by name, by key, a list of names, or `*` for all but `_id`. */
export const dropIndexes: Command = {
  fields: ['dropIndexes', 'deleteIndexes', 'index'],
  async run(context) {
    const collection = requireCollection(context);
    const wanted = context.body.get('index');
    const before = collection.indexes.length;
    const doomed = chosen(collection, wanted);
    const { store } = context.server;
    await store.writeAfterUsers(collection, ({ writer }) => {
      for (const index of doomed) {
        if (collection.indexes.includes(index)) store.catalog.removeIndex(writer, collection, index);
      }
    });
    return new Doc(['nIndexesWas'], [before]);
  },
};

function chosen(collection: Collection, wanted: Value | undefined): IndexDefinition[] {
  if (wanted === '*') return collection.indexes.slice(1);
  if (wanted === undefined)
    throw new StoreError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
  const names = Array.isArray(wanted) ? wanted : [wanted];
  return names.map((name) => {
    if (typeof name !== 'string' && (!(name instanceof Doc) || Array.isArray(wanted))) {
      throw new StoreError(14, `BSON field 'dropIndexes.index' is the wrong type '${typeName(name)}'`);
    }
    const index = collection.indexes.find(
      (other) => other.name === name || (name instanceof Doc && equalValues(other.spec.get('key') as Doc, name)),
    );
    if (index === undefined) {
      throw new StoreError(27, `index not found with name [${String(name)}]`, { codeName: 'IndexNotFound' });
    }
    if (index === collection.indexes[0]) throw new StoreError(72, 'cannot drop _id index');
    return index;
  });
}
