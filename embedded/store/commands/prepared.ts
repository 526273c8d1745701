import type { Collection } from '../storage/catalog.js';
import { StoreError } from '../values/index.js';
import type { CommandContext } from './context.js';
import { runStatements } from './run-statements.js';
import type { Failure, Statement } from './statement.js';

/** A statement of a write command at its place, or what is wrong with it. */
export interface Prepared<S> {
  readonly index: number;
  readonly statement?: S;
  readonly error?: StoreError;
}

function isOrdered({ body }: CommandContext): boolean {
  return body.boolean('ordered') ?? true;
}

/**
 * Compiles the statements of a write command. What a statement means may be wrong without stopping those before it,
 * nor, in an unordered command, those after it.
 */
export function prepareAll<T, S extends Statement>(
  context: CommandContext,
  sources: readonly T[],
  compile: (source: T, index: number) => S,
): Prepared<S>[] {
  const prepared: Prepared<S>[] = [];
  for (const [index, source] of sources.entries()) {
    try {
      const statement = compile(source, index);
      if (statement.multi && context.retryNumber !== undefined) {
        throw new StoreError(72, 'Cannot use (or request) retryable writes with multi=true');
      }
      prepared.push({ index, statement });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      prepared.push({ index, error });
      if (isOrdered(context)) break;
    }
  }
  return prepared;
}

/** The statements that could be compiled. */
export function statementsOf<S>(prepared: readonly Prepared<S>[]): S[] {
  return prepared.flatMap(({ statement }) => (statement === undefined ? [] : [statement]));
}

/** Runs them, and answers all failures by their places in the command. Without a collection nothing can match. */
export async function runAll(
  context: CommandContext,
  collection: Collection | undefined,
  prepared: readonly Prepared<Statement>[],
): Promise<Failure[]> {
  const ordered = isOrdered(context);
  const runnable = prepared.filter(({ statement }) => statement !== undefined);
  const failures =
    collection === undefined ? [] : await runStatements(context, collection, statementsOf(runnable), ordered);
  const failed = failures.map(({ index, error }) => ({ index: runnable[index]?.index ?? index, error }));
  if (ordered && failed.length > 0) return failed;
  const invalid = prepared.flatMap(({ index, error }) => (error === undefined ? [] : [{ index, error }]));
  return [...failed, ...invalid].sort((a, b) => a.index - b.index);
}
