import { isRow, questionOf, type Case, type Implementation, type Outcome, type ReferenceName } from './case.js';
import { difference } from './compare.js';
import { decisionFor, type Decision, type Disagreement } from './decision.js';
import { anyCase, refusedCase } from './generate/index.js';
import { ours } from './ours.js';
import { Random } from './random.js';
import { essentials } from './show.js';
import { shrink } from './shrink.js';

/** What a run needs. */
export interface FuzzOptions {
  seed: number;
  cases: number;
  references: ReadonlyMap<ReferenceName, Implementation>;
  decisions: readonly Decision[];
}

/** What a run found. */
export interface FuzzReport {
  /** Cases by kind. */
  cases: Map<string, number>;
  /** Filters of which at least one document matched. */
  matching: number;
  /** Cases on which at least one reference had an opinion. */
  compared: number;
  /** Opinions by reference. */
  opinions: Map<ReferenceName, number>;
  /** Disagreements by decision. */
  decided: Map<string, number>;
  /** Disagreements that no decision covers. */
  undecided: Disagreement[];
  /** Questions inside the allow-list that the store does not support, and those outside that it does not refuse by name. */
  faults: { question: Case; outcome: Outcome; expected: string }[];
}

/** One case in so many is outside the allow-list. */
const OUTSIDE = 0.05;

/** Asks the store and the references the same random questions. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = {
    cases: new Map(),
    matching: 0,
    compared: 0,
    opinions: new Map(),
    decided: new Map(),
    undecided: [],
    faults: [],
  };
  const random = new Random(options.seed);
  for (let i = 0; i < options.cases; i++) {
    if (random.chance(OUTSIDE)) await askRefused(random, report);
    else await askOne(anyCase(random), options, report);
  }
  return report;
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

async function askRefused(random: Random, report: FuzzReport): Promise<void> {
  const { question, name } = refusedCase(random);
  count(report.cases, 'refused');
  const outcome = await ours.ask(question);
  if ('refused' in outcome && outcome.refused.includes(name)) return;
  report.faults.push({ question, outcome, expected: `refused by name: ${name}` });
}

/** MongoDB's NotImplemented, which the store gives for what it does not support. */
const UNSUPPORTED = 238;

async function askOne(question: Case, options: FuzzOptions, report: FuzzReport): Promise<void> {
  count(report.cases, question.kind);
  const our = await ours.ask(question);
  if ('refused' in our && our.code === UNSUPPORTED) {
    report.faults.push({ question, outcome: our, expected: 'supported' });
  }
  if (question.kind === 'filter' && 'value' in our && (our.value as unknown[]).length > 0) report.matching++;
  let opinions = 0;
  for (const [name, reference] of options.references) {
    const their = await reference.ask(question);
    if ('silent' in their) continue;
    opinions++;
    count(report.opinions, name);
    const form = difference(question, our, their);
    if (form === undefined) continue;
    const found = await smallest({ name, reference }, question, form);
    const decision = decisionFor(options.decisions, found);
    if (decision === undefined) report.undecided.push(found);
    else count(report.decided, decision.id);
  }
  if (opinions > 0) report.compared++;
}

async function smallest(
  { name, reference }: { name: ReferenceName; reference: Implementation },
  start: Case,
  form: string,
): Promise<Disagreement> {
  const question = await shrink(start, async (candidate) => {
    if (!wellFormed(candidate)) return false;
    const our = await ours.ask(candidate);
    const their = await reference.ask(candidate);
    return difference(candidate, our, their) === form;
  });
  return {
    reference: name,
    question,
    form,
    operators: essentials(questionOf(question)),
    ours: await ours.ask(question),
    theirs: await reference.ask(question),
  };
}

/** Leaves out what a driver would not send: an update that is neither operators, replacement nor stages. */
function wellFormed(question: Case): boolean {
  if (question.kind === 'pipeline') return question.pipeline.every((stage) => Object.keys(stage)[0]?.startsWith('$'));
  if (question.kind !== 'update' || Array.isArray(question.update)) return true;
  return Object.entries(question.update).every(([key, argument]) => !key.startsWith('$') || isRow(argument));
}
