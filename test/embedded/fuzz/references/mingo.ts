import { BSONRegExp, ObjectId } from 'bson';
import { aggregate, find, updateOne } from 'mingo';
import { isRow, questionOf, type Case, type Implementation, type Outcome, type Row } from '../case.js';
import { numberOf } from '../compare.js';

/**
 * The query library mingo. It knows JavaScript's values only: all number types are handed over as numbers, so it has
 * no opinion where types of numbers matter.
 */
export const mingo: Implementation = {
  async ask(question) {
    try {
      const outcome = answer(question);
      return 'value' in outcome && !isBounded(outcome.value) ? { silent: 'a document that is in itself' } : outcome;
    } catch (error) {
      const { name, message } = error as Error;
      return name === 'MingoError' || isAssertion(message) ? { refused: message } : { silent: `${name}: ${message}` };
    }
  },
};

/** More values than any honest answer has. */
const ENDLESS = 10_000;

/** False for what has no end: mingo sometimes puts a document into itself. */
function isBounded(root: unknown): boolean {
  const open = [root];
  for (let seen = 0; open.length > 0; seen++) {
    if (seen > ENDLESS) return false;
    const value = open.pop();
    if (Array.isArray(value)) open.push(...(value as unknown[]));
    else if (isRow(value)) open.push(...Object.values(value));
  }
  return true;
}

function isAssertion(message: string): boolean {
  return (
    /expected|expects|must|invalid|requires|cannot|expression/i.test(message) &&
    !/is not a function|undefined/.test(message)
  );
}

const NUMBER_TYPES = /^(double|int|long|decimal)$/;

/** True when something asks for the type of a number by `$type`. */
function asksNumberType(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(asksNumberType);
  if (!isRow(value)) return false;
  return Object.entries(value).some(([key, field]) => (key === '$type' && namesNumber(field)) || asksNumberType(field));
}

function namesNumber(argument: unknown): boolean {
  if (Array.isArray(argument)) return argument.some(namesNumber);
  return typeof argument === 'string'
    ? NUMBER_TYPES.test(argument)
    : typeof argument === 'number' && [1, 16, 18, 19].includes(argument);
}

function answer(question: Case): Outcome {
  if (asksNumberType(questionOf(question))) return { silent: 'types of numbers are lost' };
  const docs = native(question.docs) as Row[];
  switch (question.kind) {
    case 'filter':
      return { value: ids(find<Row>(docs, native(question.filter) as Row).all()) };
    case 'sort':
      return {
        value: ids(
          find<Row>(docs, {})
            .sort(question.sort as Record<string, 1 | -1>)
            .all(),
        ),
      };
    case 'projection':
      return { value: find<Row>(docs, {}, native(question.projection) as Row).all() };
    case 'distinct':
      return { silent: 'has no distinct' };
    case 'pipeline': {
      const other = native(question.other ?? []) as Row[];
      return {
        value: aggregate(docs, native(question.pipeline) as Row[], {
          collectionResolver: (name) => (name === 'other' ? other : []),
        }),
      };
    }
    case 'update':
      return update(question, docs);
  }
}

function ids(docs: Row[]): unknown[] {
  return docs.map((doc) => doc['_id']);
}

function update(question: Case & { kind: 'update' }, docs: Row[]): Outcome {
  const change = native(question.update);
  if (question.upsert === true) return { silent: 'has no upsert' };
  if (isRow(change) && !Object.keys(change)[0]?.startsWith('$')) return { silent: 'has no replacement' };
  const arrayFilters = native(question.arrayFilters ?? []) as Row[];
  updateOne(docs, native(question.filter) as Row, change as object, { arrayFilters, cloneMode: 'deep' });
  return { value: docs };
}

/** A deep copy with JavaScript's own numbers and regular expressions. */
function native(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(native);
  if (isRow(value)) return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, native(field)]));
  if (value instanceof BSONRegExp) return new RegExp(value.pattern, value.options.replace(/[^ims]/g, ''));
  if (value instanceof Date) return new Date(value);
  if (value instanceof ObjectId) return new ObjectId(value.toHexString());
  return numberOf(value) ?? value;
}
