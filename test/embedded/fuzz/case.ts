/** A document as the driver takes it: bare numbers are int32 or double, other number types are BSON classes. */
export type Row = Record<string, unknown>;

/** One question that every implementation is asked. Documents carry `_id`, from 1 up. */
export type Case =
  | { kind: 'filter'; docs: Row[]; filter: Row }
  | { kind: 'sort'; docs: Row[]; sort: Row }
  | { kind: 'projection'; docs: Row[]; projection: Row }
  | { kind: 'distinct'; docs: Row[]; path: string }
  | { kind: 'update'; docs: Row[]; filter: Row; update: Row | Row[]; arrayFilters?: Row[]; upsert?: boolean }
  | { kind: 'pipeline'; docs: Row[]; other?: Row[]; pipeline: Row[] };

export type Kind = Case['kind'];

/** What came out: a value, a refusal of the question, or no opinion (not implemented, or it fell over). */
export type Outcome = { value: unknown } | { refused: string; code?: number } | { silent: string };

/** An implementation of the query language. */
export interface Implementation {
  ask(question: Case): Promise<Outcome>;
}

/** The two implementations that the store is compared with. */
export type ReferenceName = 'mingo' | 'mongomock';

/** True for `{ ... }`, false for arrays and the driver's classes. */
export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The part of a case that is the question, without the documents. */
export function questionOf(question: Case): unknown {
  switch (question.kind) {
    case 'filter':
      return question.filter;
    case 'sort':
      return question.sort;
    case 'projection':
      return question.projection;
    case 'distinct':
      return question.path;
    case 'pipeline':
      return question.pipeline;
    case 'update':
      return [question.filter, question.update, question.arrayFilters ?? []];
  }
}
