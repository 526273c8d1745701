import { Doc, StoreError, typeName, type Value } from '../values/index.js';
import { ArrayFilters } from './array-filters.js';
import { arrayOperators } from './array-operators.js';
import { fieldOperators } from './field-operators.js';
import type { FieldChange, UpdateContext, UpdateOperator } from './operator.js';
import { changeAt, comparePaths, overlaps, refuseTopDollar, updatePath, type Change } from './path.js';
import { applyRename, parseRename, type Rename } from './rename.js';

/** One path of the update; its change is undefined for `$rename`, which concerns the path `rename.to`. */
interface Step {
  parts: readonly string[];
  field?: FieldChange;
  rename?: Rename;
}

const OPERATORS = new Map<string, UpdateOperator>(Object.entries({ ...fieldOperators, ...arrayOperators }));

/**
 * Compiles `{ $set: ..., $inc: ... }`. Fields are handled in MongoDB's order, by name and not as written (manual:
 * "Update Operators", since 5.0), so new fields are appended in that order. Throws StoreError 9, 14, 40, 56 ...
 */
export function compileModifiers(update: Doc, sources: readonly Doc[]): (doc: Doc, context: UpdateContext) => Doc {
  const filters = new ArrayFilters(sources);
  const steps = [...update].flatMap(([name, argument]) => readOperator(name, argument));
  rejectConflicts(steps);
  for (const step of steps) filters.use(step.parts);
  filters.requireAllUsed();
  steps.sort((a, b) => comparePaths(a.parts, b.parts));
  return (doc, context) => apply(doc, steps, filters, context);
}

function readOperator(name: string, argument: Value): Step[] {
  const operator = OPERATORS.get(name);
  if (operator === undefined && name !== '$rename') {
    const advice = 'Expected a valid update modifier or pipeline-style update specified as an array';
    throw new StoreError(9, `Unknown modifier: ${name}. ${advice}`);
  }
  if (!(argument instanceof Doc)) {
    const example = `For example: {$mod: {<field>: ...}} not {${name}: ...}`;
    throw new StoreError(9, `Modifiers operate on fields but we found type ${typeName(argument)} instead. ${example}`);
  }
  return [...argument].map(([path, value]) => {
    if (operator !== undefined) return { parts: updatePath(path), field: operator(value, path) };
    const rename = parseRename(path, value);
    return { parts: rename.to, rename };
  });
}

function rejectConflicts(steps: Step[]): void {
  const paths = steps.flatMap((step) => (step.rename === undefined ? [step.parts] : [step.rename.from, step.parts]));
  for (let i = 0; i < paths.length; i++) {
    const other = paths.slice(0, i).find((path) => overlaps(path, paths[i]!));
    if (other !== undefined) throw conflict(paths[i]!, other);
  }
}

function conflict(path: readonly string[], other: readonly string[]): StoreError {
  return new StoreError(40, `Updating the path '${path.join('.')}' would create a conflict at '${other.join('.')}'`);
}

/** Paths are resolved before anything changes: array filters see the elements as they were. */
function apply(doc: Doc, steps: Step[], filters: ArrayFilters, context: UpdateContext): Doc {
  const planned: { parts: readonly string[]; step: Step; change: Change | undefined }[] = [];
  for (const step of steps) {
    const change = step.field?.change(context);
    if (step.rename === undefined && change === undefined) continue;
    for (const parts of filters.resolve(doc, step.parts)) planned.push({ parts, step, change });
  }
  rejectOverlaps(planned);
  let result = doc;
  for (const { parts, step, change } of planned) {
    const before = result;
    result =
      step.rename === undefined
        ? changeAt(result, parts, change!, step.field!.create)
        : applyRename(result, step.rename);
    if (!context.isInsert && result !== before && result.has(parts[0]!)) refuseTopDollar(parts[0]!);
  }
  return result;
}

/** Different steps that reach the same element through their placeholders. */
function rejectOverlaps(planned: { parts: readonly string[]; step: Step }[]): void {
  const dynamic = planned.filter(({ parts, step }) => parts !== step.parts);
  for (const { parts, step } of dynamic) {
    const other = planned.find((candidate) => candidate.step !== step && overlaps(candidate.parts, parts));
    if (other !== undefined) throw conflict(parts, other.parts);
  }
}
