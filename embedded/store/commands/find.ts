import { Query, type QuerySpec } from '../planner/query.js';
import type { Item } from '../planner/scan.js';
import { compileProjection } from '../query/index.js';
import { Doc, encodeDoc, StoreError } from '../values/index.js';
import type { Arguments } from './arguments.js';
import { targetCollection, targetName, viewOf, type Command, type CommandContext } from './context.js';
import type { CursorOwner, CursorSource } from './cursor-table.js';
import { letVariables, type Variables } from './variables.js';

/** Fields of `find` that change nothing here: there is one node. */
const HARMLESS = ['allowPartialResults', 'oplogReplay'];

/** `find`: answers the first batch of a query. */
export const find: Command = {
  fields: [
    'find',
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'returnKey',
    'showRecordId',
    'min',
    'max',
    'collation',
    'let',
    'tailable',
    'awaitData',
    'noCursorTimeout',
    'allowDiskUse',
    ...HARMLESS,
  ],
  inTransaction: true,
  endsWithClient: true,
  async run(context) {
    const { body, server } = context;
    body.refuse('returnKey', 'showRecordId', 'min', 'max', 'collation');
    refuseWaiting(body);
    const namespace = `${context.database}.${targetName(context)}`;
    return server.cursors.open(
      {
        namespace,
        source: findSource(context),
        batchSize: body.count('batchSize'),
        limit: body.count('limit') ?? 0,
        single: body.boolean('singleBatch') === true,
        noTimeout: body.boolean('noCursorTimeout') === true,
        ...cursorOwner(context),
      },
      context.pace,
    );
  },
};

/** Reads the query of a `find`, or of a command shaped like one. */
export function querySpec(body: Arguments): QuerySpec {
  return {
    filter: body.document('filter') ?? new Doc(),
    sort: body.document('sort'),
    hint: body.get('hint'),
    skip: body.count('skip'),
    limit: body.count('limit'),
    allowDiskUse: body.boolean('allowDiskUse'),
    variables: letVariables(body),
  };
}

/** Tailable cursors are for capped collections, which do not exist here; answered as MongoDB does for any other. */
function refuseWaiting(body: Arguments): void {
  if (body.boolean('awaitData') === true && body.boolean('tailable') !== true) {
    throw new StoreError(9, "Cannot set 'awaitData' without also setting 'tailable'");
  }
  if (body.boolean('tailable') === true) {
    throw new StoreError(
      2,
      'error processing query: tailable cursor requested on non capped collection; this store has none',
    );
  }
}

function findSource(context: CommandContext): CursorSource {
  const { body } = context;
  const spec = querySpec(body);
  const query = new Query(spec);
  const projection = body.document('projection');
  const project = projection === undefined || projection.size === 0 ? undefined : projector(projection, spec.variables);
  const collection = targetCollection(context);
  if (collection === undefined) return itemSource(none(), project);
  return itemSource(query.items(viewOf(context), collection), project, query);
}

/** A compiled projection that may use the command's variables. */
export function projector(projection: Doc, variables: Variables | undefined): (doc: Doc) => Doc {
  return compileProjection(projection, variables === undefined ? {} : { variables });
}

function* none(): Generator<Item | undefined> {
  yield* [];
}

/** Hands out found documents, projected if need be. */
export function itemSource(
  items: Generator<Item | undefined>,
  project: ((doc: Doc) => Doc) | undefined,
  query?: Query,
): CursorSource {
  return {
    next() {
      const step = items.next();
      if (step.done === true) return null;
      const item = step.value;
      return item === undefined || project === undefined ? item?.bytes : encodeDoc(project(item.doc));
    },
    interrupted() {
      if (query !== undefined) query.epoch.value += 1;
    },
    close() {
      items.return(undefined);
    },
  };
}

/** The session, transaction and connection that a cursor belongs to. */
export function cursorOwner(context: CommandContext): CursorOwner {
  const { body, transaction, connection } = context;
  return { session: lsidKey(body)?.toString('latin1'), transaction, connection };
}

/** The bytes of the command's session id. Throws 14 or 207 when `lsid` has another shape than `{ id: UUID }`. */
export function lsidKey(body: Arguments): Buffer | undefined {
  const lsid = body.document('lsid');
  return lsid === undefined ? undefined : sessionKey(lsid);
}

/** The 16 bytes of a session id document. */
export function sessionKey(lsid: Doc): Buffer {
  const id = lsid.get('id');
  if (id !== null && typeof id === 'object' && 'sub_type' in id && id.sub_type === 4 && id.position === 16) {
    return Buffer.from(id.buffer.subarray(0, 16));
  }
  if (id === null || typeof id !== 'object' || !('sub_type' in id)) {
    throw new StoreError(14, "BSON field 'lsid.id' must be binary data");
  }
  throw new StoreError(207, 'lsid.id must be a UUID (binary subtype 4)', { codeName: 'InvalidUUID' });
}

/** `getMore`. */
export const getMore: Command = {
  fields: ['getMore', 'collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  inTransaction: true,
  endsWithClient: true,
  async run(context) {
    const { body, server, pace } = context;
    const id = body.doc.values[0];
    if (typeof id !== 'bigint' && typeof id !== 'number')
      throw new StoreError(14, "BSON field 'getMore.getMore' must be a long");
    const collection = body.string('collection');
    if (collection === undefined)
      throw new StoreError(40414, "BSON field 'getMore.collection' is missing but a required field");
    if (body.get('maxTimeMS') !== undefined)
      throw new StoreError(2, 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
    const namespace = `${context.database}.${collection}`;
    const batchSize = body.count('batchSize');
    return server.cursors.more(
      BigInt(id),
      namespace,
      batchSize === 0 ? undefined : batchSize,
      cursorOwner(context),
      pace,
    );
  },
};

/** `killCursors`. */
export const killCursors: Command = {
  fields: ['killCursors', 'cursors'],
  inTransaction: true,
  run({ body, server }) {
    const ids = (body.array('cursors') ?? []).map((id) => {
      if (typeof id === 'bigint' || typeof id === 'number') return BigInt(id);
      throw new StoreError(14, "BSON field 'killCursors.cursors' must hold longs");
    });
    const killed = ids.filter((id) => server.cursors.kill(id));
    return Doc.of([
      ['cursorsKilled', killed],
      ['cursorsNotFound', ids.filter((id) => !killed.includes(id))],
      ['cursorsAlive', []],
      ['cursorsUnknown', []],
    ]);
  },
};
