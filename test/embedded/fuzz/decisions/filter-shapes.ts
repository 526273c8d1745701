import { argumentsOf, docTypes, type Decision, type Disagreement } from '../decision.js';
import { isRow, questionOf, type Case, type Row } from '../case.js';
import { typesIn } from '../show.js';

/** Filters stand in `find`, in `$match`, in upserts and in array filters. */
export const WITH_FILTERS = ['filter', 'pipeline', 'update', 'projection'] as const;

/** A filter over documents that are numbered from 1. */
export function filter(docs: Row[], query: Row): Case {
  return { kind: 'filter', docs: docs.map((doc, i) => ({ _id: i + 1, ...doc })), filter: query };
}

/** The types of values in the question. */
export function asked({ question }: Disagreement): Set<string> {
  return typesIn(questionOf(question));
}

/** True when one of the operators' arguments, or an element of it, satisfies the test. */
export function anyArgument(
  names: readonly string[],
  test: (argument: unknown) => boolean,
): NonNullable<Decision['when']> {
  return ({ question }) =>
    names.some((name) =>
      argumentsOf(name, questionOf(question)).some(
        (argument) => test(argument) || (Array.isArray(argument) && (argument as unknown[]).some(test)),
      ),
    );
}

/** True when some field or element is a document. */
export function hasObjects(disagreement: Disagreement): boolean {
  return docTypes(disagreement).has('object') || docTypes(disagreement).has('empty object');
}

/** True when there is an array in an array. */
export function nested(value: unknown, inside = false): boolean {
  if (Array.isArray(value)) return inside || (value as unknown[]).some((element) => nested(element, true));
  return isRow(value) && Object.values(value).some((field) => nested(field));
}

/** True when one side has a boolean and the other a number. */
export function booleanMeetsNumber(disagreement: Disagreement): boolean {
  const [there, here] = [docTypes(disagreement), asked(disagreement)];
  const number = (types: Set<string>): boolean =>
    ['int', 'double', 'Double', 'Long', 'Decimal128'].some((name) => types.has(name));
  return (there.has('boolean') && number(here)) || (here.has('boolean') && number(there));
}

/** The field paths that a question names. */
export function pathsOf({ question }: Disagreement): string[] {
  const paths: string[] = [];
  collectPaths(questionOf(question), paths);
  return paths;
}

function collectPaths(value: unknown, paths: string[]): void {
  if (Array.isArray(value)) for (const element of value as unknown[]) collectPaths(element, paths);
  else if (isRow(value)) {
    for (const [key, field] of Object.entries(value)) {
      if (!key.startsWith('$')) paths.push(key);
      collectPaths(field, paths);
    }
  }
}
