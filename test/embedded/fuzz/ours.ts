import { compilePipeline } from '../../../embedded/store/aggregate/index.js';
import { compileFilter, compileProjection, compileSort, distinctValues } from '../../../embedded/store/query/index.js';
import { compileUpdate, upsertSeed } from '../../../embedded/store/update/index.js';
import {
  compareValues,
  Doc,
  docFromJs,
  equalValues,
  ObjectId,
  StoreError,
  Timestamp,
  type Value,
} from '../../../embedded/store/values/index.js';
import * as bson from 'bson';
import type { Case, Implementation, Row } from './case.js';

/** The store's own language, asked without a server. */
export const ours: Implementation = {
  async ask(question) {
    try {
      return { value: exported(await answer(question)) };
    } catch (error) {
      if (error instanceof StoreError) return { refused: error.message, code: error.code };
      throw error;
    }
  },
};

/** A fixed time for `$$NOW` and `$currentDate`, later than every date in the questions. */
const NOW = new Date('2030-01-01T00:00:00Z');
/** The same for timestamps. */
const timestamp = (): Timestamp => new Timestamp({ t: NOW.getTime() / 1000, i: 1 });

async function answer(question: Case): Promise<Value> {
  const docs = question.docs.map(docFromJs);
  switch (question.kind) {
    case 'filter':
      return ids(docs.filter(compileFilter(docFromJs(question.filter))));
    case 'sort':
      return ids(docs.toSorted(compileSort(docFromJs(question.sort))));
    case 'projection':
      return docs.map(compileProjection(docFromJs(question.projection)));
    case 'distinct':
      return distinct(docs.flatMap((doc) => distinctValues(doc, question.path)));
    case 'update':
      return update(question, docs);
    case 'pipeline': {
      const other = (question.other ?? []).map(docFromJs);
      const context = { lookup: (name: string) => streamed(name === 'other' ? other : []), now: NOW };
      const found: Value[] = [];
      const pipeline = compilePipeline(question.pipeline.map(docFromJs), context);
      for await (const doc of pipeline.run(docs)) found.push(doc);
      return found;
    }
  }
}

function ids(docs: Doc[]): Value {
  return docs.map((doc) => doc.get('_id') ?? null);
}

function distinct(values: Value[]): Value {
  const sorted = values.toSorted(compareValues);
  return sorted.filter((value, i) => i === 0 || !equalValues(value, sorted[i - 1]!));
}

async function* streamed(docs: Doc[]): AsyncGenerator<Doc> {
  yield* docs;
}

function update(question: Case & { kind: 'update' }, docs: Doc[]): Value {
  const { arrayFilters = [], upsert = false } = question;
  const change = Array.isArray(question.update) ? question.update.map(docFromJs) : docFromJs(question.update);
  const updater = compileUpdate(change, { arrayFilters: arrayFilters.map(docFromJs) });
  const filter = docFromJs(question.filter);
  const at = docs.findIndex(compileFilter(filter));
  if (at >= 0) return docs.with(at, updater.apply(docs[at]!, { isInsert: false, now: NOW, timestamp }).doc);
  if (!upsert) return docs;
  const seed = upsertSeed(filter);
  const id = seed.get('_id');
  const start = updater.kind !== 'replacement' ? seed : id === undefined ? new Doc() : new Doc(['_id'], [id]);
  return [...docs, updater.apply(start, { isInsert: true, now: NOW, timestamp }).doc];
}

/** Store values as the driver's classes, number types kept. */
function exported(value: Value): unknown {
  if (Array.isArray(value)) return value.map(exported);
  if (value instanceof ObjectId) return new bson.ObjectId(value.toHexString());
  if (typeof value === 'bigint') return bson.Long.fromBigInt(value);
  if (!(value instanceof Doc)) return value;
  const row: Row = {};
  for (const [key, field] of value) row[key] = exported(field);
  return row;
}
