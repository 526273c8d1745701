import { Decimal128, Double, Long } from 'bson';
import { isRow, type Case, type Row } from './case.js';

/** Attempts that making one case smaller may cost. */
const BUDGET = 400;

/** The smallest case found, by leaving out parts one at a time, for which `still` holds. */
export async function shrink(start: Case, still: (candidate: Case) => Promise<boolean>): Promise<Case> {
  let current = start;
  let left = BUDGET;
  for (let progress = true; progress && left > 0;) {
    progress = false;
    for (const candidate of smallerCases(current)) {
      if (left-- <= 0) break;
      if (!(await still(candidate))) continue;
      current = candidate;
      progress = true;
      break;
    }
  }
  return current;
}

function* smallerCases(question: Case): Generator<Case> {
  for (const docs of smallerDocs(question.docs)) yield { ...question, docs };
  if (question.kind === 'pipeline' && question.other !== undefined) {
    for (const other of smallerDocs(question.other)) yield { ...question, other };
  }
  yield* smallerQuestions(question);
}

function* smallerQuestions(question: Case): Generator<Case> {
  switch (question.kind) {
    case 'filter':
      for (const filter of rows(smaller(question.filter))) yield { ...question, filter };
      return;
    case 'sort':
      for (const sort of rows(smaller(question.sort))) yield { ...question, sort };
      return;
    case 'projection':
      for (const projection of rows(smaller(question.projection))) yield { ...question, projection };
      return;
    case 'distinct':
      return;
    case 'pipeline':
      for (const pipeline of lists(smaller(question.pipeline))) yield { ...question, pipeline };
      return;
    case 'update':
      yield* smallerUpdates(question);
  }
}

function* smallerUpdates(question: Case & { kind: 'update' }): Generator<Case> {
  for (const update of smaller(question.update)) {
    if (Array.isArray(update) ? update.every(isRow) : isRow(update))
      yield { ...question, update: update as Row | Row[] };
  }
  for (const arrayFilters of lists(smaller(question.arrayFilters ?? []))) yield { ...question, arrayFilters };
  if (question.upsert === true) for (const filter of rows(smaller(question.filter))) yield { ...question, filter };
}

function* rows(values: Iterable<unknown>): Generator<Row> {
  for (const value of values) if (isRow(value)) yield value;
}

function* lists(values: Iterable<unknown>): Generator<Row[]> {
  for (const value of values) if (Array.isArray(value) && value.every(isRow)) yield value;
}

function* smallerDocs(docs: Row[]): Generator<Row[]> {
  for (let i = 0; i < docs.length; i++) {
    if (docs.length > 1) yield docs.toSpliced(i, 1);
    const { _id, ...fields } = docs[i]!;
    for (const row of rows(smaller(fields, false))) yield docs.with(i, { _id, ...row });
  }
}

/** The value with one part left out or made plainer; with `hoist` also its parts in its place. */
function* smaller(value: unknown, hoist = true): Generator<unknown> {
  if (Array.isArray(value)) {
    const list = value as unknown[];
    for (let i = 0; i < list.length; i++) yield list.toSpliced(i, 1);
    if (hoist) yield* list;
    for (let i = 0; i < list.length; i++) for (const part of smaller(list[i])) yield list.with(i, part);
  } else if (isRow(value)) {
    for (const key of Object.keys(value)) yield without(value, key);
    if (hoist) for (const field of Object.values(value)) yield* Array.isArray(field) ? [field, ...field] : [field];
    for (const [key, field] of Object.entries(value))
      for (const part of smaller(field)) yield { ...value, [key]: part };
  } else yield* plainer(value);
}

function without(row: Row, key: string): Row {
  const copy = { ...row };
  delete copy[key];
  return copy;
}

function* plainer(value: unknown): Generator<unknown> {
  if (value instanceof Double || value instanceof Long || value instanceof Decimal128) {
    yield Number(value.toString());
    yield 1;
  } else if (typeof value === 'number') {
    if (value !== 1 && value !== 0) yield 1;
  } else if (typeof value === 'string') {
    if (/^[a-zA-Z ]{2,}$|^[^a$]/.test(value) && value.length > 0) yield 'a';
  } else if (value instanceof Date || typeof value === 'boolean') yield 1;
}
