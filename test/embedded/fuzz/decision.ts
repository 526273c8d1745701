import type { Case, Kind, Outcome, ReferenceName, Row } from './case.js';
import { isRow } from './case.js';
import { normal } from './compare.js';
import { typesIn } from './show.js';

/** A question that was decided, with the store's answer: a value, or the code of the error that refuses it. */
export type Decided = { question: Case; value: unknown } | { question: Case; code: number };

/** A disagreement with one reference, or with both when they answer the same; the case is as small as it gets. */
export interface Disagreement {
  reference: ReferenceName | 'both';
  question: Case;
  /** `value`, `they refuse`, or `we refuse` with our error code. */
  form: string;
  /** Operators of the question, without those that only carry others. */
  operators: string[];
  ours: Outcome;
  theirs: Outcome;
}

/** Why one kind of disagreement is settled for the store. All conditions have to hold for it to cover a case. */
export interface Decision {
  id: string;
  /** Whose disagreements it covers. Only `both` covers those in which the references agree with each other. */
  by: ReferenceName | 'both';
  form: 'value' | 'they refuse' | 'we refuse';
  /** The codes of our refusal. */
  codes?: readonly number[];
  kinds?: readonly Kind[];
  /** At least one of these is in the question; empty when the question has no operator; `any` leaves it to `when`. */
  operators: readonly string[] | 'any';
  /** What the reference's refusal says. */
  theirs?: RegExp;
  /** The shape of question, documents and answers. */
  when?: (disagreement: Disagreement) => boolean;
  /** What MongoDB does and the reference does not. */
  says: string;
  /** The manual page, or the file of MongoDB's source or tests, that settles it. */
  source: string;
  cases: readonly Decided[];
}

/** The first decision that covers the disagreement. */
export function decisionFor(list: readonly Decision[], disagreement: Disagreement): Decision | undefined {
  return list.find((decision) => covers(decision, disagreement));
}

function covers(decision: Decision, disagreement: Disagreement): boolean {
  const { reference, form, operators, question, theirs } = disagreement;
  if (decision.by !== 'both' && decision.by !== reference) return false;
  if (!form.startsWith(decision.form)) return false;
  if (decision.codes !== undefined && !decision.codes.includes(Number(form.slice('we refuse '.length)))) return false;
  if (decision.kinds !== undefined && !decision.kinds.includes(question.kind)) return false;
  if (!concerns(decision, operators)) return false;
  if (decision.theirs !== undefined && !('refused' in theirs && decision.theirs.test(theirs.refused))) return false;
  return decision.when?.(disagreement) ?? true;
}

function concerns({ operators: named }: Decision, operators: readonly string[]): boolean {
  if (named === 'any') return true;
  return named.length === 0 ? operators.length === 0 : named.some((name) => operators.includes(name));
}

/** Our and their answer as comparable text. */
export function answers({ question, ours, theirs }: Disagreement): [our: string, their: string] {
  return [normal(question, ours), normal(question, theirs)];
}

/** True when the answers only differ by fields that are null, undefined or missing. */
export function differByNulls(disagreement: Disagreement): boolean {
  return agreeWithout(disagreement, (value) => value === null || value === undefined);
}

/** True when the answers only differ by what is null, missing, or an empty document or array. */
export function differByEmptiness(disagreement: Disagreement): boolean {
  return agreeWithout(disagreement, (value) => {
    if (Array.isArray(value)) return value.length === 0;
    return value === null || value === undefined || (isRow(value) && Object.keys(value).length === 0);
  });
}

function agreeWithout({ question, ours, theirs }: Disagreement, drop: (value: unknown) => boolean): boolean {
  if (!('value' in ours) || !('value' in theirs)) return false;
  const [our, their] = [ours, theirs].map(({ value }) => normal(question, { value: stripped(value, drop) }));
  return our === their;
}

function stripped(value: unknown, drop: (value: unknown) => boolean): unknown {
  if (Array.isArray(value)) {
    return (value as unknown[]).map((element) => stripped(element, drop)).filter((element) => !drop(element));
  }
  if (!isRow(value)) return value;
  const result: Row = {};
  for (const [key, field] of Object.entries(value)) {
    const kept = stripped(field, drop);
    if (!drop(kept)) result[key] = kept;
  }
  return result;
}

/** Names of the types of all values in the documents. */
export function docTypes({ question }: Disagreement): Set<string> {
  const types = new Set<string>();
  const other = question.kind === 'pipeline' ? (question.other ?? []) : [];
  for (const { _id, ...fields } of [...question.docs, ...other]) {
    for (const field of Object.values(fields)) typesIn(field, types);
  }
  return types;
}

/** The arguments that an operator has anywhere in a value. */
export function argumentsOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return (value as unknown[]).flatMap((element) => argumentsOf(name, element));
  if (!isRow(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => [
    ...(key === name ? [field] : []),
    ...argumentsOf(name, field),
  ]);
}
