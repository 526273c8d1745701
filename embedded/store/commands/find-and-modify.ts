import { Query } from '../planner/query.js';
import type { Collection } from '../storage/catalog.js';
import { compileUpdate } from '../update/index.js';
import { Doc, StoreError, type Value } from '../values/index.js';
import { targetCollection, type Command, type CommandContext } from './context.js';
import { ensureCollection } from './ensure-collection.js';
import { projector } from './find.js';
import { runStatements } from './run-statements.js';
import type { Statement } from './statement.js';
import { letVariables } from './variables.js';
import { DeleteStatement, updateClock, updateOptions, UpdateStatement } from './write.js';

/** `findAndModify`: changes one document and answers its state before or after. */
export const findAndModify: Command = {
  fields: [
    'findAndModify',
    'findandmodify',
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
    'hint',
    'collation',
    'let',
    'bypassDocumentValidation',
    'stmtId',
  ],
  inTransaction: true,
  async run(context) {
    const { body } = context;
    body.refuse('collation');
    const remove = body.boolean('remove') ?? false;
    const upsert = body.boolean('upsert') ?? false;
    checkOptions(context, remove, upsert);
    const collection = upsert ? await ensureCollection(context) : targetCollection(context);
    const statement = new ReplayingStatement(
      remove ? deletion(context, collection) : modification(context, collection, upsert),
      (inner) => answer(context, inner),
    );
    if (collection === undefined) return answer(context, statement.inner);
    const [failure] = await runStatements(context, collection, [statement], true);
    if (failure !== undefined) throw failure.error;
    return statement.earlier ?? answer(context, statement.inner);
  },
};

function checkOptions({ body }: CommandContext, remove: boolean, upsert: boolean): void {
  const update = body.get('update');
  if (remove && update !== undefined) throw new StoreError(9, 'Cannot specify both an update and remove=true');
  if (remove && upsert) throw new StoreError(9, 'Cannot specify both upsert=true and remove=true');
  if (remove && body.boolean('new') === true) {
    throw new StoreError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
  if (!remove && update === undefined) throw new StoreError(9, 'Either an update or remove=true must be specified');
}

function querySpecOf({ body }: CommandContext): Query {
  return new Query({
    filter: body.document('query') ?? new Doc(),
    sort: body.document('sort'),
    hint: body.get('hint'),
    variables: letVariables(body),
  });
}

function deletion(context: CommandContext, collection: Collection | undefined): DeleteStatement {
  return new DeleteStatement(collection, statementId(context), querySpecOf(context), false);
}

function modification(context: CommandContext, collection: Collection | undefined, upsert: boolean): UpdateStatement {
  const { body } = context;
  const update = body.get('update');
  if (!(update instanceof Doc) && !Array.isArray(update)) {
    throw new StoreError(9, 'Update argument must be either an object or an array');
  }
  const spec = update instanceof Doc ? update : (body.documents('update') ?? []);
  const query = querySpecOf(context);
  const updater = compileUpdate(spec, updateOptions(body.documents('arrayFilters'), query.spec.variables));
  return new UpdateStatement(collection, statementId(context), query, updater, false, upsert, updateClock(context));
}

function statementId({ body }: CommandContext): number {
  return body.number('stmtId') ?? 0;
}

/** A statement whose whole answer is kept for a retry, since the document cannot be found again. */
class ReplayingStatement<T extends UpdateStatement | DeleteStatement> implements Statement {
  readonly query: Query;
  readonly multi = false;
  readonly id: number;
  /** The answer of an earlier run of the same command. */
  earlier: Doc | undefined;

  constructor(
    readonly inner: T,
    private readonly answerOf: (inner: T) => Doc,
  ) {
    this.query = inner.query;
    this.id = inner.id;
  }

  change(...args: Parameters<Statement['change']>): void {
    this.inner.change(...args);
  }

  missing(...args: Parameters<Statement['missing']>): void {
    this.inner.missing(...args);
  }

  outcome(): Doc {
    return this.answerOf(this.inner);
  }

  restore(outcome: Doc): void {
    this.earlier = outcome;
  }
}

function answer({ body }: CommandContext, statement: UpdateStatement | DeleteStatement): Doc {
  const projection = body.document('fields');
  const variables = statement.query.spec.variables;
  const project = projection === undefined || projection.size === 0 ? undefined : projector(projection, variables);
  const found =
    statement instanceof DeleteStatement
      ? statement.before
      : body.boolean('new') === true
        ? statement.after
        : statement.before;
  const value: Value = found === undefined ? null : (project?.(found) ?? found);
  return new Doc(['lastErrorObject', 'value'], [lastError(statement), value]);
}

function lastError(statement: UpdateStatement | DeleteStatement): Doc {
  if (statement instanceof DeleteStatement) return new Doc(['n'], [statement.deleted]);
  const { matched, upsertedId } = statement;
  const doc = new Doc(['n', 'updatedExisting'], [upsertedId === undefined ? matched : 1, matched > 0]);
  if (upsertedId !== undefined) doc.append('upserted', upsertedId);
  return doc;
}
