import { Query } from '../planner/query.js';
import type { Collection } from '../storage/catalog.js';
import {
  DuplicateKeyError,
  encodeForStorage,
  MAX_DOCUMENT_BYTES,
  requireSize,
  type Stored,
} from '../storage/records.js';
import type { WriteTarget } from '../transaction/write-target.js';
import {
  compileUpdate,
  upsertSeed,
  withTimestamps,
  type UpdateContext,
  type Updater,
  type UpdateOptions,
} from '../update/index.js';
import { decodeDoc, Doc, encodeDoc, ObjectId, StoreError, Timestamp, type Value } from '../values/index.js';
import { Arguments, requireKnownFields } from './arguments.js';
import { targetCollection, targetName, type Command, type CommandContext } from './context.js';
import { ensureCollection } from './ensure-collection.js';
import { prepareAll, runAll, statementsOf } from './prepared.js';
import type { Failure, Statement } from './statement.js';
import { letVariables, type Variables } from './variables.js';

/** Most statements in one command (MongoDB's maxWriteBatchSize). */
export const MAX_WRITE_BATCH = 100_000;

const BULK_FIELDS = ['ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds'];

/** `insert`. */
export const insert: Command = {
  fields: ['insert', 'documents', ...BULK_FIELDS],
  inTransaction: true,
  async run(context) {
    const documents = rawDocuments(context, 'documents');
    const collection = await ensureCollection(context);
    const ids = statementIds(context, documents.length);
    const clock = updateClock(context);
    const prepared = prepareAll(context, documents, (document, index) => {
      return new InsertStatement(collection, ids(index), document, clock.timestamp);
    });
    const failures = await runAll(context, collection, prepared);
    const done = prepared.filter(({ statement }) => statement?.done === true).length;
    return writeResult(context, new Doc(['n'], [done]), failures);
  },
};

class InsertStatement implements Statement {
  readonly query = undefined;
  readonly multi = false;
  done = false;
  private readonly doc: Doc;
  private readonly bytes: Buffer;

  constructor(
    private readonly collection: Collection,
    readonly id: number,
    source: Buffer,
    timestamp: () => Timestamp,
  ) {
    const doc = decodeDoc(source);
    this.doc = withTimestamps(withId(doc), timestamp);
    this.bytes = this.doc === doc ? Buffer.from(source) : encodeDoc(this.doc);
    requireSize(this.bytes, 'insert');
  }

  change(): void {
    throw new Error('an insert has nothing to change');
  }

  missing(target: WriteTarget): void {
    target.insert(this.collection, this.bytes, this.doc);
    this.done = true;
  }

  outcome(): Doc {
    return new Doc();
  }

  restore(): void {
    this.done = true;
  }
}

/** The document with its `_id` in front, made up when there is none. Throws 53 and 2 for an `_id` that cannot be one. */
function withId(doc: Doc): Doc {
  const given = doc.get('_id');
  const id = given === undefined ? ObjectId.generate() : given;
  requireValidId(id);
  if (doc.keys[0] === '_id') return doc;
  const rest = doc.clone();
  rest.delete('_id');
  return new Doc(['_id', ...rest.keys], [id, ...rest.values]);
}

function requireValidId(id: Value): void {
  if (Array.isArray(id)) throw new StoreError(2, "The '_id' value cannot be of type array", { codeName: 'BadValue' });
  if (id !== null && typeof id === 'object' && 'pattern' in id)
    throw new StoreError(2, "The '_id' value cannot be of type regex");
  const dollar = id instanceof Doc ? id.keys.find((key) => key.startsWith('$')) : undefined;
  if (dollar !== undefined)
    throw new StoreError(52, `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`);
}

/** `update`. */
export const update: Command = {
  fields: ['update', 'updates', 'let', ...BULK_FIELDS],
  inTransaction: true,
  async run(context) {
    const variables = letVariables(context.body);
    const operations = rawDocuments(context, 'updates').map((bytes) => updateFields(decodeDoc(bytes)));
    const ids = statementIds(context, operations.length);
    const wantsUpsert = operations.some((operation) => operation.boolean('upsert') === true);
    const collection = wantsUpsert ? await ensureCollection(context) : targetCollection(context);
    const clock = updateClock(context);
    const prepared = prepareAll(context, operations, (operation, index) =>
      updateStatement(operation, collection, ids(index), clock, variables),
    );
    const failures = await runAll(context, collection, prepared);
    const statements = statementsOf(prepared);
    const upserted = prepared.flatMap(({ statement, index }) =>
      statement?.upsertedId === undefined ? [] : [new Doc(['index', '_id'], [index, statement.upsertedId])],
    );
    const result = new Doc(
      ['n', 'nModified'],
      [
        sum(statements, ({ matched, upsertedId }) => matched + (upsertedId === undefined ? 0 : 1)),
        sum(statements, ({ modified }) => modified),
      ],
    );
    if (upserted.length > 0) result.append('upserted', upserted);
    return writeResult(context, result, failures);
  },
};

const UPDATE_FIELDS = ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'collation', 'c', 'sort', 'upsertSupplied'];

/** Reads the form of an update; a wrong one fails the whole command, whatever comes before it. */
function updateFields(operation: Doc): Arguments {
  requireKnownFields('update.updates', operation, UPDATE_FIELDS);
  const fields = new Arguments('update.updates', operation);
  fields.refuse('collation', 'c', 'upsertSupplied');
  if (fields.document('q') === undefined) throw missingField('update.updates.q');
  updateOf(fields);
  fields.documents('arrayFilters');
  if (fields.boolean('multi') === true && fields.document('sort') !== undefined)
    throw new StoreError(9, 'Cannot specify sort with multi=true');
  return fields;
}

/** Compiles an update; what is wrong with its meaning is an error of this statement alone. */
function updateStatement(
  fields: Arguments,
  collection: Collection | undefined,
  id: number,
  clock: UpdateClock,
  variables: Variables | undefined,
): UpdateStatement {
  const updater = compileUpdate(updateOf(fields), updateOptions(fields.documents('arrayFilters'), variables));
  const multi = fields.boolean('multi') ?? false;
  if (multi && updater.kind === 'replacement')
    throw new StoreError(9, 'multi update is not supported for replacement-style update');
  const filter = fields.document('q') ?? new Doc();
  const query = new Query({ filter, hint: fields.get('hint'), sort: fields.document('sort'), variables });
  return new UpdateStatement(collection, id, query, updater, multi, fields.boolean('upsert') ?? false, clock);
}

/** The times that an update may write. */
type UpdateClock = Pick<UpdateContext, 'now' | 'timestamp'>;

/** The time of this command, and timestamps of the server. */
export function updateClock({ server }: CommandContext): UpdateClock {
  return { now: new Date(), timestamp: () => new Timestamp(server.store.clock.tick()) };
}

/** Options of an update with its filters and the command's variables. */
export function updateOptions(arrayFilters: Doc[] | undefined, variables: Variables | undefined): UpdateOptions {
  return { arrayFilters: arrayFilters ?? [], ...(variables === undefined ? {} : { variables }) };
}

function updateOf(fields: Arguments): Doc | Doc[] {
  const value = fields.get('u');
  if (value instanceof Doc) return value;
  if (Array.isArray(value)) return fields.documents('u') ?? [];
  throw new StoreError(9, 'Update argument must be either an object or an array');
}

/** One update, shared by `update` and `findAndModify`. */
export class UpdateStatement implements Statement {
  matched = 0;
  modified = 0;
  upsertedId: Value | undefined;
  /** The document before and after the change. */
  before: Doc | undefined;
  after: Doc | undefined;

  constructor(
    private readonly collection: Collection | undefined,
    readonly id: number,
    readonly query: Query,
    private readonly updater: Updater,
    readonly multi: boolean,
    private readonly upsert: boolean,
    private readonly clock: UpdateClock,
  ) {}

  change(target: WriteTarget, stored: Stored): void {
    const { doc, changed } = this.updater.apply(stored.doc, { isInsert: false, ...this.clock });
    if (changed) target.replace(this.existing(), stored, encodeForStorage(doc, 'update'), doc);
    this.before = stored.doc;
    this.after = doc;
    this.matched += 1;
    if (changed) this.modified += 1;
  }

  missing(target: WriteTarget): void {
    if (!this.upsert) return;
    const seed = upsertSeed(this.query.spec.filter);
    const start = this.updater.kind === 'replacement' ? onlyId(seed) : seed;
    const { doc } = this.updater.apply(start, { isInsert: true, ...this.clock });
    const complete = withId(doc);
    target.insert(this.existing(), encodeForStorage(complete, 'upsert'), complete);
    this.upsertedId = complete.get('_id');
    this.after = complete;
  }

  outcome(): Doc {
    const outcome = new Doc(['matched', 'modified'], [this.matched, this.modified]);
    if (this.upsertedId !== undefined) outcome.append('upserted', this.upsertedId);
    return outcome;
  }

  restore(outcome: Doc): void {
    this.matched = outcome.get('matched') as number;
    this.modified = outcome.get('modified') as number;
    this.upsertedId = outcome.get('upserted');
  }

  private existing(): Collection {
    if (this.collection === undefined) throw new Error('an update needs its collection');
    return this.collection;
  }
}

function onlyId(seed: Doc): Doc {
  const id = seed.get('_id');
  return id === undefined ? new Doc() : new Doc(['_id'], [id]);
}

/** `delete`. */
export const deleteCommand: Command = {
  fields: ['delete', 'deletes', 'let', ...BULK_FIELDS],
  inTransaction: true,
  async run(context) {
    const variables = letVariables(context.body);
    const operations = rawDocuments(context, 'deletes').map((bytes) => deleteFields(decodeDoc(bytes)));
    const ids = statementIds(context, operations.length);
    const collection = targetCollection(context);
    const prepared = prepareAll(context, operations, (operation, index) =>
      deleteStatement(operation, collection, ids(index), variables),
    );
    const failures = await runAll(context, collection, prepared);
    return writeResult(context, new Doc(['n'], [sum(statementsOf(prepared), ({ deleted }) => deleted)]), failures);
  },
};

function deleteFields(operation: Doc): Arguments {
  requireKnownFields('delete.deletes', operation, ['q', 'limit', 'hint', 'collation']);
  const fields = new Arguments('delete.deletes', operation);
  fields.refuse('collation');
  if (fields.document('q') === undefined) throw missingField('delete.deletes.q');
  const limit = fields.number('limit');
  if (limit === undefined) throw missingField('delete.deletes.limit');
  if (limit !== 0 && limit !== 1)
    throw new StoreError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
  return fields;
}

function deleteStatement(
  fields: Arguments,
  collection: Collection | undefined,
  id: number,
  variables: Variables | undefined,
): DeleteStatement {
  const filter = fields.document('q') ?? new Doc();
  const query = new Query({ filter, hint: fields.get('hint'), variables });
  return new DeleteStatement(collection, id, query, fields.number('limit') === 0);
}

/** One delete, shared by `delete` and `findAndModify`. */
export class DeleteStatement implements Statement {
  deleted = 0;
  before: Doc | undefined;

  constructor(
    private readonly collection: Collection | undefined,
    readonly id: number,
    readonly query: Query,
    readonly multi: boolean,
  ) {}

  change(target: WriteTarget, stored: Stored): void {
    if (this.collection === undefined) throw new Error('a delete needs its collection');
    target.remove(this.collection, stored);
    this.before = stored.doc;
    this.deleted += 1;
  }

  missing(): void {
    // Nothing matched, nothing to delete.
  }

  outcome(): Doc {
    return new Doc(['deleted'], [this.deleted]);
  }

  restore(outcome: Doc): void {
    this.deleted = outcome.get('deleted') as number;
  }
}

/** The documents of a command's list, whether it came as a sequence or inside the body. */
function rawDocuments(context: CommandContext, field: string): Buffer[] {
  const sequence = context.sequences.get(field);
  const documents = sequence?.slice() ?? context.body.documents(field)?.map(encodeDoc);
  if (documents === undefined) throw missingField(`${context.name}.${field}`);
  if (documents.length === 0 || documents.length > MAX_WRITE_BATCH) {
    throw new StoreError(
      16,
      `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${documents.length} operations.`,
    );
  }
  targetName(context);
  for (const { length } of documents) if (length > MAX_INTERNAL_BYTES) throw tooLargeToRead(length);
  return documents;
}

/** Documents of a command may be a little larger than those in the database (MongoDB's BSONObjMaxInternalSize). */
const MAX_INTERNAL_BYTES = MAX_DOCUMENT_BYTES + 16 * 1024;

function tooLargeToRead(length: number): StoreError {
  const hex = length.toString(16).toUpperCase();
  return new StoreError(
    10334,
    `BSONObj size: ${length} (0x${hex}) is invalid. Size must be between 0 and ${MAX_INTERNAL_BYTES}(16MB)`,
    { codeName: 'BSONObjectTooLarge' },
  );
}

function missingField(field: string): StoreError {
  return new StoreError(40414, `BSON field '${field}' is missing but a required field`, {
    codeName: 'IDLFailedToParse',
  });
}

function statementIds({ body }: CommandContext, count: number): (index: number) => number {
  const list = body.array('stmtIds');
  if (list !== undefined && list.length !== count)
    throw new StoreError(72, 'Number of statement ids must match the number of statements');
  const first = body.number('stmtId') ?? 0;
  return (index) => (list === undefined ? first + index : Number(list[index]));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function writeResult(context: CommandContext, result: Doc, failures: readonly Failure[]): Doc {
  if (failures.length === 0) return result;
  if (context.transaction !== undefined) context.failTransaction();
  result.append(
    'writeErrors',
    failures.map(({ index, error }) => writeError(index, error)),
  );
  return result;
}

function writeError(index: number, error: unknown): Doc {
  if (!(error instanceof StoreError)) throw error;
  const doc = new Doc(['index', 'code', 'errmsg'], [index, error.code, error.message]);
  if (error instanceof DuplicateKeyError) {
    doc.append('keyPattern', error.keyPattern);
    doc.append('keyValue', error.keyValue);
  }
  return doc;
}
