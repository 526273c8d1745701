import { compilePipeline } from '../aggregate/index.js';
import type { Plan } from '../planner/plan.js';
import { Query } from '../planner/query.js';
import type { Collection } from '../storage/catalog.js';
import { Doc, StoreError } from '../values/index.js';
import { Arguments } from './arguments.js';
import { querySpec } from './find.js';
import type { Command, CommandContext } from './context.js';
import { paced } from './count.js';
import { SERVER_VERSION } from './handshake.js';
import { letVariables } from './variables.js';

/** `explain`: the plan of a command, and what running it looks at unless `verbosity` is `queryPlanner`. */
export const explain: Command = {
  fields: ['explain', 'verbosity'],
  endsWithClient: true,
  run(context) {
    const inner = context.body.document('explain');
    if (inner === undefined) throw new StoreError(14, "BSON field 'explain.explain' must be a command");
    if (inner.keys[0] === 'explain') throw new StoreError(20, 'Explain cannot explain itself.');
    return explainCommand(context, inner, withExecution(context.body.string('verbosity')));
  },
};

function withExecution(verbosity = 'allPlansExecution'): boolean {
  if (verbosity === 'queryPlanner') return false;
  if (verbosity === 'executionStats' || verbosity === 'allPlansExecution') return true;
  throw new StoreError(2, `verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}`);
}

/** The plan of `command`, with execution figures if asked for. Throws 20 for commands that cannot be explained. */
export async function explainCommand(context: CommandContext, command: Doc, withExecution: boolean): Promise<Doc> {
  const name = command.values[0];
  if (typeof name !== 'string') throw new StoreError(73, 'explain needs a command on a collection');
  const body = new Arguments(command.keys[0] ?? '', command);
  const query = queryOf(body);
  const { store } = context.server;
  const collection = store.catalog.find(context.database, name);
  const plan = collection && query.plan(store.newest, collection);
  const planner = Doc.of([
    ['namespace', `${context.database}.${name}`],
    ['parsedQuery', query.spec.filter],
    ['winningPlan', plan === undefined ? new Doc(['stage'], ['EOF']) : describePlan(plan, query)],
    ['rejectedPlans', []],
  ]);
  const found = new Doc(['queryPlanner'], [planner]);
  if (withExecution) found.append('executionStats', await execute(context, query, collection, plan));
  const later = body.what === 'aggregate' ? stagesAfterQuery(body.documents('pipeline') ?? []) : [];
  const result =
    later.length === 0
      ? new Doc(['explainVersion', ...found.keys], ['1', ...found.values])
      : new Doc(['explainVersion', 'stages'], ['1', [new Doc(['$cursor'], [found]), ...later]]);
  result.append('command', command);
  result.append('serverInfo', Doc.of([['version', SERVER_VERSION]]));
  return result;
}

/** Stages that a query does itself when a pipeline begins with them, in this order. */
const QUERY_STAGES = ['$match', '$sort', '$skip', '$limit'];

/** The stages that work on what the query finds; with none, a pipeline is explained like a `find` (as in MongoDB). */
function stagesAfterQuery(stages: readonly Doc[]): Doc[] {
  let taken = 0;
  for (const name of QUERY_STAGES) if (stages[taken]?.has(name) === true) taken += 1;
  return stages.slice(taken);
}

function queryOf(body: Arguments): Query {
  switch (body.what) {
    case 'find':
      return new Query(querySpec(body));
    case 'count':
    case 'distinct':
    case 'findAndModify':
    case 'findandmodify':
      return new Query({
        filter: body.document('query') ?? new Doc(),
        sort: body.document('sort'),
        hint: body.get('hint'),
        variables: letVariables(body),
      });
    case 'aggregate':
      return pipelineQuery(body);
    case 'update':
      return statementQuery(body, 'updates');
    case 'delete':
      return statementQuery(body, 'deletes');
    default:
      throw new StoreError(20, `Cannot explain cmd: ${body.what}`);
  }
}

function pipelineQuery(body: Arguments): Query {
  const noLookup = async function* (): AsyncGenerator<Doc> {
    yield* [];
  };
  const variables = letVariables(body);
  const { leadingMatch, leadingSort, leadingLimit } = compilePipeline(body.documents('pipeline') ?? [], {
    lookup: noLookup,
    ...(variables === undefined ? {} : { variables }),
  });
  return new Query({
    filter: leadingMatch ?? new Doc(),
    sort: leadingSort,
    limit: leadingLimit ?? 0,
    hint: body.get('hint'),
    allowDiskUse: body.boolean('allowDiskUse'),
    variables,
  });
}

function statementQuery(body: Arguments, list: string): Query {
  const statements = body.documents(list) ?? [];
  if (statements.length !== 1) throw new StoreError(72, 'explained write batches must be of size 1');
  const fields = new Arguments('explain', statements[0] ?? new Doc());
  return new Query({
    variables: letVariables(body),
    filter: fields.document('q') ?? new Doc(),
    hint: fields.get('hint'),
    sort: fields.document('sort'),
  });
}

/** The plan as nested stages, named as MongoDB names them. */
function describePlan(plan: Plan, query: Query): Doc {
  const access = describeAccess(plan, query);
  if (plan.sorted || query.compare === undefined) return access;
  return Doc.of([
    ['stage', 'SORT'],
    ['sortPattern', query.spec.sort ?? new Doc()],
    ['inputStage', access],
  ]);
}

function describeAccess(plan: Plan, query: Query): Doc {
  const direction = plan.reverse ? 'backward' : 'forward';
  if (plan.branches !== undefined) return describeUnion(plan.branches, plan.sorted && query.compare !== undefined);
  if (plan.index === undefined) return new Doc(['stage', 'direction'], ['COLLSCAN', direction]);
  const input = plan.merge ? mergeStage(plan, direction) : indexStage(plan, direction);
  return new Doc(['stage', 'inputStage'], ['FETCH', input]);
}

/** The clauses of an `$or` by their indexes: one after the other, or side by side where each gives the order. */
function describeUnion(branches: readonly Plan[], merged: boolean): Doc {
  const inputs = branches.map((plan) => {
    const direction = plan.reverse ? 'backward' : 'forward';
    return plan.merge ? mergeStage(plan, direction) : indexStage(plan, direction);
  });
  const union = new Doc(['stage', 'inputStages'], [merged ? 'SORT_MERGE' : 'OR', inputs]);
  return new Doc(['stage', 'inputStage'], ['FETCH', union]);
}

function mergeStage(plan: Plan, direction: string): Doc {
  return Doc.of([
    ['stage', 'SORT_MERGE'],
    ['inputStage', indexStage(plan, direction)],
  ]);
}

function indexStage(plan: Plan, direction: string): Doc {
  const index = plan.index;
  if (index === undefined) return new Doc();
  return Doc.of([
    ['stage', 'IXSCAN'],
    ['keyPattern', index.spec.get('key') ?? new Doc()],
    ['indexName', index.name],
    ['isMultiKey', index.multikey.includes(true)],
    ['isUnique', index.unique],
    ['isSparse', index.sparse],
    ['isPartial', index.partial !== undefined],
    ['direction', direction],
    ['boundedFields', plan.boundFields],
    ['ranges', plan.ranges.length],
  ]);
}

async function execute(
  context: CommandContext,
  query: Query,
  collection: Collection | undefined,
  plan: Plan | undefined,
): Promise<Doc> {
  const start = performance.now();
  let returned = 0;
  if (collection !== undefined) {
    const items = query.items(context.server.store.newest, collection, plan);
    for await (const _item of paced(context, query, items)) returned += 1;
  }
  return Doc.of([
    ['executionSuccess', true],
    ['nReturned', returned],
    ['executionTimeMillis', Math.round(performance.now() - start)],
    ['totalKeysExamined', query.counts.keys],
    ['totalDocsExamined', query.counts.documents],
  ]);
}
