import { isRow, questionOf, type Case, type Implementation, type Outcome, type ReferenceName } from './case.js';
import { difference, normal } from './compare.js';
import { decisionFor, type Decision, type Disagreement } from './decision.js';
import { anyCase, filterCase, refusedCase } from './generate/index.js';
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
    else await askOne(await likelyCase(random), options, report);
  }
  return report;
}

/** A case; a filter that matches nothing gives way to another one once, so that most match something. */
async function likelyCase(random: Random): Promise<Case> {
  const first = anyCase(random);
  return first.kind !== 'filter' || matches(await ours.ask(first)) ? first : filterCase(random);
}

function matches(outcome: Outcome): boolean {
  return 'value' in outcome && (outcome.value as unknown[]).length > 0;
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
  if (question.kind === 'filter' && matches(our)) report.matching++;
  const opinions: Opinion[] = [];
  for (const [name, reference] of options.references) {
    const their = await reference.ask(question);
    if ('silent' in their) continue;
    count(report.opinions, name);
    const form = difference(question, our, their);
    opinions.push({ name, reference, form, answer: normal(question, their) });
  }
  if (opinions.length > 0) report.compared++;
  for (const { name, references, form } of disagreeing(opinions)) {
    const found = await smallest(name, references, await firstStages(question, references, form));
    const decision = decisionFor(options.decisions, found);
    if (decision === undefined) report.undecided.push(found);
    else count(report.decided, decision.id);
  }
}

interface Opinion {
  name: ReferenceName;
  reference: Implementation;
  form: string | undefined;
  answer: string;
}

interface Dissent {
  name: ReferenceName | 'both';
  references: readonly Implementation[];
  form: string;
}

/** Who disagrees with us; references that give the same value as each other are one. */
function disagreeing(opinions: readonly Opinion[]): Dissent[] {
  const dissents: (Dissent & { answer: string })[] = [];
  for (const { name, reference, form, answer } of opinions) {
    if (form === undefined) continue;
    const same = dissents.find((other) => form !== 'they refuse' && other.answer === answer);
    if (same === undefined) dissents.push({ name, references: [reference], form, answer });
    else Object.assign(same, { name: 'both', references: [...same.references, reference] });
  }
  return dissents;
}

/** The form of the disagreement that these references share; undefined when they differ, or one agrees with us. */
async function dissent(question: Case, references: readonly Implementation[]): Promise<string | undefined> {
  const our = await ours.ask(question);
  let shared: { form: string; answer: string } | undefined;
  for (const reference of references) {
    const their = await reference.ask(question);
    const [form, answer] = [difference(question, our, their), normal(question, their)];
    if (form === undefined || (shared !== undefined && shared.answer !== answer)) return undefined;
    shared = { form, answer };
  }
  return shared?.form;
}

/** Of a pipeline the first stages that are enough to disagree, so that no later stage hides what an earlier one did. */
async function firstStages(
  question: Case,
  references: readonly Implementation[],
  form: string,
): Promise<{ question: Case; form: string }> {
  if (question.kind !== 'pipeline') return { question, form };
  for (let count = 1; count < question.pipeline.length; count++) {
    const start = { ...question, pipeline: question.pipeline.slice(0, count) };
    const early = await dissent(start, references);
    if (early !== undefined) return { question: start, form: early };
  }
  return { question, form };
}

async function smallest(
  name: ReferenceName | 'both',
  references: readonly Implementation[],
  { question: start, form }: { question: Case; form: string },
): Promise<Disagreement> {
  const question = await shrink(start, async (candidate) => {
    if (!wellFormed(candidate)) return false;
    return (await dissent(candidate, references)) === form;
  });
  const theirs = await Promise.all(references.map((reference) => reference.ask(question)));
  return {
    reference: name,
    question,
    form,
    operators: essentials(questionOf(question)),
    ours: await ours.ask(question),
    theirs: together(theirs),
  };
}

/** Equal answers as one; refusals with the words of both. */
function together(answers: readonly Outcome[]): Outcome {
  const refusals = answers.flatMap((answer) => ('refused' in answer ? [answer.refused] : []));
  return refusals.length > 0 ? { refused: refusals.join('\n') } : answers[0]!;
}

/** Leaves out what a driver would not send: an update that is neither operators, replacement nor stages. */
function wellFormed(question: Case): boolean {
  if (question.kind === 'pipeline') return question.pipeline.every((stage) => Object.keys(stage)[0]?.startsWith('$'));
  if (question.kind !== 'update' || Array.isArray(question.update)) return true;
  return Object.entries(question.update).every(([key, argument]) => !key.startsWith('$') || isRow(argument));
}
