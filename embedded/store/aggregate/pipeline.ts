import { Doc, StoreError, type Value } from '../values/index.js';
import type { Variables } from './evaluate.js';
import { fieldPath } from './field-path.js';
import { group } from './stages/group.js';
import { bucket, sortByCount } from './stages/grouped.js';
import { lookup } from './stages/lookup.js';
import { count, limit, match, skip, sort, unwind, wholeNumber } from './stages/simple.js';
import { mapping, TICK_DOCUMENTS, type PipelineContext, type Running, type Stage } from './stages/stage.js';
import { compileTransform, isTransform } from './transform.js';

type Input = AsyncIterable<Doc> | Iterable<Doc>;
type AsyncStage = (input: Input) => AsyncIterable<Doc>;

/** What the caller has already done to the input. */
export interface Prepared {
  /** The input holds only documents that match `leadingMatch`. */
  matched?: boolean;
  /** The input comes in the order of `leadingSort`. */
  sorted?: boolean;
}

/** A compiled pipeline. */
export interface Pipeline {
  /** The filter of a `$match` at the start. */
  leadingMatch?: Doc;
  /** The sort that follows it, or starts the pipeline. */
  leadingSort?: Doc;
  /** How many documents are needed after `leadingMatch` and `leadingSort`, when a `$limit` says so. */
  leadingLimit?: number;
  run(input: Input, prepared?: Prepared): AsyncIterable<Doc>;
}

const SYNC_STAGES: Record<string, (argument: Value, variables: Variables, allowDiskUse: boolean) => Stage> = {
  $match: match,
  $limit: limit,
  $skip: skip,
  $count: count,
  $unwind: unwind,
  $group: group,
  $bucket: bucket,
  $sortByCount: sortByCount,
};

/** Stages that MongoDB has and this store refuses. */
const UNSUPPORTED = new Set(
  '$bucketAuto $changeStream $changeStreamSplitLargeEvent $collStats $currentOp $densify $documents $fill $geoNear $graphLookup $indexStats $listLocalSessions $listSampledQueries $listSearchIndexes $listSessions $merge $out $planCacheStats $redact $sample $search $searchMeta $setWindowFields $shardedDataDistribution $unionWith $vectorSearch'.split(
    ' ',
  ),
);

/** Compiles an aggregation pipeline. Throws StoreError 40324 for an unknown stage and 238 for an unsupported one. */
export function compilePipeline(stages: readonly Doc[], context: PipelineContext): Pipeline {
  const variables = new Map(context.variables ?? []).set('NOW', context.now ?? new Date());
  const compiled = compileStages(stages, context, variables);
  const lead = leadingStages(stages);
  return {
    ...lead.described,
    run: (input, prepared = {}) => {
      const skipMatch = prepared.matched === true && lead.described.leadingMatch !== undefined;
      const skipSort = prepared.sorted === true && lead.described.leadingSort !== undefined;
      const rest = compiled.filter((_, i) => !(skipMatch && i === lead.matchAt) && !(skipSort && i === lead.sortAt));
      return chain(rest, context)(input);
    },
  };
}

interface Lead {
  described: Omit<Pipeline, 'run'>;
  matchAt: number;
  sortAt: number;
}

function leadingStages(stages: readonly Doc[]): Lead {
  const argument = (at: number, name: string): Doc | undefined => {
    const value = stages[at]?.get(name);
    return value instanceof Doc ? value : undefined;
  };
  const leadingMatch = argument(0, '$match');
  const sortAt = leadingMatch === undefined ? 0 : 1;
  const leadingSort = argument(sortAt, '$sort');
  const leadingLimit = limitAfter(stages, leadingSort === undefined ? sortAt - 1 : sortAt);
  return {
    described: {
      ...(leadingMatch && { leadingMatch }),
      ...(leadingSort && { leadingSort }),
      ...(leadingLimit === Infinity ? {} : { leadingLimit }),
    },
    matchAt: 0,
    sortAt,
  };
}

/** The `$limit` right after a stage, enlarged by a `$skip` between the two. */
function limitAfter(stages: readonly Doc[], at: number): number {
  const skipped = stages[at + 1]?.get('$skip');
  const most = stages[skipped === undefined ? at + 1 : at + 2]?.get('$limit');
  if (most === undefined) return Infinity;
  return wholeNumber('$limit', most, 5107201) + (skipped === undefined ? 0 : wholeNumber('$skip', skipped, 5107200));
}

type Compiled = { sync: Stage } | { async: AsyncStage };

function compileStages(stages: readonly Doc[], context: PipelineContext, variables: Variables): Compiled[] {
  return stages.map((stage, i): Compiled => {
    const name = stage.keys[0] ?? '';
    if (stage.size !== 1) {
      throw new StoreError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    const argument = stage.values[0]!;
    if (isTransform(name)) {
      const transform = compileTransform(stage, variables);
      return { sync: mapping((doc) => transform(doc, variables)) };
    }
    const { allowDiskUse = false } = context;
    if (name === '$sort') return { sync: sort(argument, { wanted: limitAfter(stages, i), allowDiskUse }) };
    if (Object.hasOwn(SYNC_STAGES, name)) return { sync: SYNC_STAGES[name]!(argument, variables, allowDiskUse) };
    if (name === '$lookup') return { async: each(lookup(argument, context)) };
    if (name === '$facet') return { async: facet(argument, context, variables) };
    if (UNSUPPORTED.has(name)) throw new StoreError(238, `${name} is not supported by this store`);
    throw new StoreError(40324, `Unrecognized pipeline stage name: '${name}'`);
  });
}

/** Runs several pipelines over the same documents; always gives one document. */
function facet(argument: Value, context: PipelineContext, variables: Variables): AsyncStage {
  if (!(argument instanceof Doc)) throw new StoreError(40169, 'the $facet specification must be a non-empty object');
  if (argument.size === 0) throw new StoreError(40169, 'the $facet specification must be a non-empty object');
  const facets = [...argument].map(([name, stages]): [string, AsyncStage] => {
    fieldPath(name);
    return [name, chain(compileStages(facetStages(name, stages), context, variables), context)];
  });
  return async function* (input) {
    const docs: Doc[] = [];
    for await (const doc of input) docs.push(doc);
    const result = new Doc();
    for (const [name, run] of facets) {
      const found: Value[] = [];
      for await (const doc of run(docs)) found.push(doc);
      result.append(name, found);
    }
    yield result;
  };
}

function facetStages(name: string, stages: Value): Doc[] {
  if (!Array.isArray(stages))
    throw new StoreError(40170, `arguments to $facet must be arrays, ${name} is not an array`);
  return stages.map((stage) => {
    if (!(stage instanceof Doc))
      throw new StoreError(40171, `elements of arrays in $facet spec must be non-empty objects: ${name}`);
    if (stage.has('$facet')) throw new StoreError(40600, '$facet is not allowed to be used within a $facet stage');
    return stage;
  });
}

function each(change: (doc: Doc) => Promise<Doc>): AsyncStage {
  return async function* (input) {
    for await (const doc of input) yield await change(doc);
  };
}

/** Neighbouring stages without I/O work as one. */
function chain(compiled: Compiled[], context: PipelineContext): AsyncStage {
  const parts: AsyncStage[] = [];
  let pending: Stage[] = [];
  for (const stage of compiled) {
    if ('sync' in stage) pending.push(stage.sync);
    else {
      parts.push(together(pending, context), stage.async);
      pending = [];
    }
  }
  parts.push(together(pending, context));
  return (input) => parts.reduce<Input>((current, part) => part(current), input) as AsyncIterable<Doc>;
}

function together(stages: Stage[], context: PipelineContext): AsyncStage {
  return async function* (input) {
    const ready: Doc[] = [];
    const running: Running[] = [];
    let push = (doc: Doc): boolean => ready.push(doc) > 0;
    for (const stage of stages.toReversed()) {
      const current = stage.start(push);
      running.unshift(current);
      push = (doc) => current.push(doc);
    }
    let seen = 0;
    for await (const doc of input) {
      const more = push(doc);
      yield* ready.splice(0);
      if (!more) break;
      if (++seen % TICK_DOCUMENTS === 0) await context.pause?.();
    }
    for (const current of running) {
      for (const _tick of current.end?.() ?? []) {
        yield* ready.splice(0);
        await context.pause?.();
      }
      yield* ready.splice(0);
    }
  };
}
