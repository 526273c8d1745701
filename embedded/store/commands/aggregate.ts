import { compilePipeline, type Pipeline } from '../aggregate/index.js';
import { Query } from '../planner/query.js';
import { Doc, encodeDoc, equalValues, StoreError } from '../values/index.js';
import { batchSizeOf } from './collections.js';
import { findCollection, targetCollection, targetName, viewOf, type Command, type CommandContext } from './context.js';
import { paced, quickCount } from './count.js';
import type { CursorSource } from './cursor-table.js';
import { explainCommand } from './explain.js';
import { cursorOwner } from './find.js';
import { collStatsDocument } from './statistics.js';
import type { Pace } from './pace.js';
import { letVariables, type Variables } from './variables.js';

/** `aggregate` over one collection. */
export const aggregate: Command = {
  fields: [
    'aggregate',
    'pipeline',
    'cursor',
    'hint',
    'explain',
    'allowDiskUse',
    'bypassDocumentValidation',
    'collation',
    'let',
  ],
  inTransaction: true,
  endsWithClient: true,
  async run(context) {
    const { body } = context;
    body.refuse('collation');
    if (body.boolean('explain') === true) return explainCommand(context, body.doc, false);
    if (typeof body.doc.values[0] !== 'string') throw withoutCollection(context);
    if (body.document('cursor') === undefined) {
      throw new StoreError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
    }
    const source = countSource(context) ?? pipelineSource(context);
    const namespace = `${context.database}.${targetName(context)}`;
    const batchSize = batchSizeOf(context);
    return context.server.cursors.open(
      { namespace, source, batchSize, single: false, ...cursorOwner(context) },
      context.pace,
    );
  },
};

/** The stages that need no collection are not supported, and all others need one. */
function withoutCollection({ body }: CommandContext): StoreError {
  const stages = body.documents('pipeline') ?? [];
  compilePipeline(stages, { lookup: () => nothing() });
  const name = stages[0]?.keys[0] ?? '';
  return new StoreError(73, `{aggregate: 1} is not valid for '${name}'; a collection is required.`);
}

/** Drivers count documents with a pipeline; where keys tell the number, no document is read. */
function countSource(context: CommandContext): CursorSource | undefined {
  const stages = context.body.documents('pipeline') ?? [];
  const filter = stages[0]?.get('$match');
  const group = stages[1]?.get('$group');
  if (stages.length !== 2 || !(filter instanceof Doc) || !(group instanceof Doc) || !equalValues(group, COUNT_GROUP)) {
    return undefined;
  }
  const collection = targetCollection(context);
  const n = collection && quickCount(context, collection, filter, context.body.get('hint'));
  if (n === undefined) return undefined;
  const documents = n === 0 ? [] : [encodeDoc(new Doc(['_id', 'n'], [1, n]))];
  return { next: () => documents.pop() ?? null, interrupted: () => undefined, close: () => undefined };
}

const COUNT_GROUP = new Doc(['_id', 'n'], [1, new Doc(['$sum'], [1])]);

function pipelineSource(opening: CommandContext): CursorSource {
  // Each batch is read at the pace of the command that asks for it.
  const context: Omit<CommandContext, 'pace'> & { pace: Pace } = { ...opening };
  const [first, ...rest] = context.body.documents('pipeline') ?? [];
  if (first?.keys[0] === '$collStats') return statisticsSource(context, first, rest);
  const variables = letVariables(context.body);
  const pipeline = compilePipeline(context.body.documents('pipeline') ?? [], {
    lookup: (name, filter) => documents(context, name, filter),
    allowDiskUse: context.body.boolean('allowDiskUse') === true,
    pause: () => {
      if (!context.pace.due()) return undefined;
      query.epoch.value += 1;
      return context.pace.pause();
    },
    ...(variables === undefined ? {} : { variables }),
  });
  const collection = targetCollection(context);
  const query = leadingQuery(pipeline, context, variables);
  let sorted = false;
  let input: AsyncIterable<Doc> = nothing();
  if (collection !== undefined) {
    const view = viewOf(context);
    const plan = query.plan(view, collection);
    sorted = query.compare !== undefined;
    input = docsOf(paced(context, query, query.items(view, collection, plan)));
  }
  const results = pipeline.run(input, { matched: true, sorted })[Symbol.asyncIterator]();
  return {
    async next(pace) {
      context.pace = pace;
      const step = await results.next();
      return step.done === true ? null : encodeDoc(step.value);
    },
    interrupted() {
      query.epoch.value += 1;
    },
    close() {
      void results.return?.(undefined);
    },
  };
}

/** `$collStats` and what follows it. */
function statisticsSource(context: CommandContext, first: Doc, rest: readonly Doc[]): CursorSource {
  if (context.transaction !== undefined) {
    throw new StoreError(263, "Stage '$collStats' cannot run within a multi-document transaction", {
      codeName: 'OperationNotSupportedInTransaction',
    });
  }
  const pipeline = compilePipeline(rest, { lookup: (name, filter) => documents(context, name, filter) });
  const results = pipeline.run([collStatsDocument(context, first.values[0])])[Symbol.asyncIterator]();
  return {
    async next() {
      const step = await results.next();
      return step.done === true ? null : encodeDoc(step.value);
    },
    interrupted: () => undefined,
    close: () => undefined,
  };
}

function leadingQuery(
  { leadingMatch, leadingSort, leadingLimit }: Pipeline,
  { body }: CommandContext,
  variables: Variables | undefined,
): Query {
  return new Query({
    variables,
    filter: leadingMatch ?? new Doc(),
    sort: leadingSort,
    limit: leadingLimit ?? 0,
    hint: body.get('hint'),
    allowDiskUse: body.boolean('allowDiskUse'),
  });
}

async function* documents(context: CommandContext, name: string, filter: Doc): AsyncGenerator<Doc> {
  const collection = findCollection(context, name);
  if (collection === undefined) return;
  const query = new Query({ filter });
  yield* docsOf(paced(context, query, query.items(viewOf(context), collection)));
}

async function* docsOf(items: AsyncIterable<{ doc: Doc }>): AsyncGenerator<Doc> {
  for await (const { doc } of items) yield doc;
}

async function* nothing(): AsyncGenerator<Doc> {
  yield* [];
}
