import { BSONRegExp, Decimal128, Double, Long, ObjectId } from 'bson';
import { isRow, questionOf, type Case, type Outcome } from './case.js';

/** A value as it would be written in TypeScript with the driver's classes. */
export function show(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return `[${(value as unknown[]).map((element) => show(element)).join(', ')}]`;
  if (isRow(value)) {
    const fields = Object.entries(value).map(
      ([key, field]) => `${/^[a-z_$]\w*$/i.test(key) ? key : `'${key}'`}: ${show(field)}`,
    );
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  if (typeof value === 'string') return `'${value.replace(/'/g, "\\'")}'`;
  if (value instanceof Date) return `new Date('${value.toISOString()}')`;
  if (value instanceof ObjectId) return `new ObjectId('${value.toHexString()}')`;
  if (value instanceof BSONRegExp) return `new BSONRegExp('${value.pattern}', '${value.options}')`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Double) return `new Double(${value.value})`;
  if (value instanceof Long) return `Long.fromString('${value.toString()}')`;
  if (value instanceof Decimal128) return `Decimal128.fromString('${value.toString()}')`;
  return JSON.stringify(value);
}

/** An outcome in one line. */
export function showOutcome(outcome: Outcome): string {
  if ('value' in outcome) return show(outcome.value);
  return 'refused' in outcome ? `refused ${outcome.code ?? ''} ${outcome.refused}` : `silent: ${outcome.silent}`;
}

/** Names of types, for telling cases of one shape together. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'empty array' : 'array';
  if (isRow(value)) return Object.keys(value).length === 0 ? 'empty object' : 'object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (typeof value !== 'object') return typeof value;
  return value.constructor.name;
}

/** Types of everything inside a value, operators' own documents left out. */
export function typesIn(value: unknown, found = new Set<string>()): Set<string> {
  const operators = isRow(value) && Object.keys(value).some((key) => key.startsWith('$'));
  if (!operators) found.add(typeOf(value));
  if (Array.isArray(value)) for (const element of value as unknown[]) typesIn(element, found);
  else if (isRow(value)) for (const field of Object.values(value)) typesIn(field, found);
  return found;
}

/** Names of all operators inside a value, in alphabetical order. */
export function operatorsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const element of value as unknown[]) operatorsIn(element, found);
  else if (isRow(value)) {
    for (const [key, field] of Object.entries(value)) {
      if (key.startsWith('$')) found.add(key);
      operatorsIn(field, found);
    }
  }
  return found;
}

const CARRIERS = [
  '$project',
  '$addFields',
  '$set',
  '$match',
  '$expr',
  '$replaceRoot',
  '$replaceWith',
  '$and',
  '$or',
  '$nor',
];

/** The operators that matter: stages and clauses that only carry others are left out beside them. */
export function essentials(asked: unknown): string[] {
  const all = [...operatorsIn(asked)].sort();
  const own = all.filter((name) => !CARRIERS.includes(name));
  return own.length > 0 ? own : all;
}

/** What a disagreement looks like: kind, form, operators, types in the documents and in the question. */
export function shapeOf(question: Case, form: string): string {
  const asked = questionOf(question);
  const docTypes = new Set<string>();
  for (const { _id, ...fields } of question.docs) for (const field of Object.values(fields)) typesIn(field, docTypes);
  const listed = (names: Set<string>): string => [...names].sort().join(' ');
  return `${question.kind} | ${form} | ${essentials(asked).join(' ')} | ${listed(docTypes)} | ${listed(typesIn(asked))}`;
}
