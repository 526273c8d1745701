import { compileTransform } from '../aggregate/transform.js';
import { Doc, equalValues, identicalValues, StoreError, type Value } from '../values/index.js';
import { compileModifiers } from './modifiers.js';
import { refuseTopDollar } from './path.js';
import type { UpdateContext } from './operator.js';
import { withTimestamps } from './timestamps.js';

/** Options of an update. */
export interface UpdateOptions {
  arrayFilters?: readonly Doc[];
  /** Values of `$$name` in a pipeline: the command's `let`. */
  variables?: ReadonlyMap<string, Value>;
}

/** A compiled update. */
export interface Updater {
  /**
   * `replacement` swaps the document, `modifiers` are `$set` and the like, `pipeline` is a list of stages. An upsert
   * starts from `upsertSeed(filter)`, for a replacement from its `_id` alone.
   */
  readonly kind: 'replacement' | 'modifiers' | 'pipeline';
  /** Never changes `doc`. Throws StoreError, for example 66 when `_id` would change. */
  apply(doc: Doc, context: UpdateContext): { doc: Doc; changed: boolean };
}

const PIPELINE_STAGES = ['$set', '$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith'];

/** Compiles an update command's `u`: operators, a replacement document or a pipeline. */
export function compileUpdate(update: Doc | Doc[], options: UpdateOptions = {}): Updater {
  if (Array.isArray(update)) return pipelineUpdater(update, options);
  if (update.keys[0]?.startsWith('$')) return modifierUpdater(update, options);
  return replacementUpdater(update, options);
}

function modifierUpdater(update: Doc, { arrayFilters = [] }: UpdateOptions): Updater {
  const run = compileModifiers(update, arrayFilters);
  return {
    kind: 'modifiers',
    apply: (doc, context) => {
      const updated = run(doc, context);
      if (doc.has('_id') && !updated.has('_id')) throw immutableId();
      return keepingId(doc, updated);
    },
  };
}

function replacementUpdater(replacement: Doc, { arrayFilters = [] }: UpdateOptions): Updater {
  if (arrayFilters.length > 0) {
    throw new StoreError(9, 'Cannot specify arrayFilters and replacement-style update');
  }
  return {
    kind: 'replacement',
    apply: (doc, { isInsert, timestamp }) => {
      if (!isInsert) replacement.keys.forEach(refuseTopDollar);
      return keepingId(doc, withTimestamps(replacement, timestamp));
    },
  };
}

function pipelineUpdater(stages: Doc[], { arrayFilters = [], variables = new Map() }: UpdateOptions): Updater {
  if (arrayFilters.length > 0) {
    throw new StoreError(9, 'arrayFilters may not be specified for pipeline-style updates');
  }
  const known = new Set([...variables.keys(), 'NOW']);
  const transforms = stages.map((stage) => {
    const name = stage.keys[0] ?? '';
    if (!PIPELINE_STAGES.includes(name)) throw new StoreError(72, `${name} is not allowed to be used within an update`);
    return compileTransform(stage, known);
  });
  return {
    kind: 'pipeline',
    apply: (doc, { now }) => {
      const scope = new Map(variables).set('NOW', now);
      return keepingId(
        doc,
        transforms.reduce((current, transform) => transform(current, scope), doc),
      );
    },
  };
}

/** Compares with the old document; a missing `_id` is taken over and leads, a different one is StoreError 66. */
function keepingId(old: Doc, updated: Doc): { doc: Doc; changed: boolean } {
  const oldId = old.get('_id');
  const newId = updated.get('_id');
  if (oldId !== undefined && newId !== undefined && !equalValues(oldId, newId)) throw immutableId();
  const id = newId === undefined ? oldId : newId;
  const doc = id === undefined || updated.keys[0] === '_id' ? updated : withIdFirst(updated, id);
  return { doc, changed: doc !== old && !identicalValues(doc, old) };
}

function immutableId(): StoreError {
  return new StoreError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}

function withIdFirst(doc: Doc, id: Value): Doc {
  const copy = doc.clone();
  copy.delete('_id');
  return new Doc(['_id', ...copy.keys], [id, ...copy.values]);
}
