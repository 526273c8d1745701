import { parseArgs } from 'node:util';
import { questionOf, type Implementation, type ReferenceName } from './case.js';
import type { Disagreement } from './decision.js';
import { decisions } from './decisions/index.js';
import { fuzz, type FuzzReport } from './fuzz.js';
import { mingo } from './references/mingo.js';
import { Mongomock } from './references/mongomock.js';
import { shapeOf, show, showOutcome } from './show.js';

/** Undecided disagreements shown in full. */
const SHOWN = 40;

const { values } = parseArgs({
  options: { seed: { type: 'string' }, cases: { type: 'string', default: '20000' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const cases = Number(values.cases);
if (!Number.isInteger(seed) || !Number.isInteger(cases) || cases < 1) {
  print('Usage: npm run fuzz:store -- [--seed NUMBER] [--cases NUMBER]');
  process.exit(2);
}
const python = process.env['MONGOMOCK_PYTHON'];
if (python === undefined) {
  print('MONGOMOCK_PYTHON has to name a Python with mongomock; npm run fuzz:store sets it');
  process.exit(2);
}
print(`seed ${seed}, ${cases} cases (the same again: npm run fuzz:store -- --seed ${seed} --cases ${cases})`);
const mongomock = new Mongomock(python);
const references = new Map<ReferenceName, Implementation>([
  ['mingo', mingo],
  ['mongomock', mongomock],
]);
const started = Date.now();
const report = await fuzz({ seed, cases, references, decisions });
await mongomock.close();
printReport(report);
print(`${Math.round((Date.now() - started) / 1000)} s`);
process.exitCode = report.undecided.length + report.faults.length > 0 ? 1 : 0;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function counts(map: ReadonlyMap<string, number>): string {
  return [...map].map(([name, count]) => `${name} ${count}`).join(', ');
}

function printReport({ cases: kinds, matching, compared, opinions, decided, undecided, faults }: FuzzReport): void {
  print(`cases: ${counts(kinds)}`);
  print(`filters that matched something: ${matching}; cases compared with at least one other: ${compared}`);
  print(`opinions: ${counts(opinions)}`);
  const total = [...decided.values()].reduce((sum, count) => sum + count, 0);
  print(`disagreements that decisions cover: ${total}`);
  for (const { id, source } of decisions) print(`  ${String(decided.get(id) ?? 0).padStart(5)}  ${id} (${source})`);
  for (const { question, outcome, expected } of faults.slice(0, SHOWN)) {
    print(`FAULT: expected ${expected}, got ${showOutcome(outcome)}\n  ${show(question)}`);
  }
  print(`faults: ${faults.length}; disagreements without a decision: ${undecided.length}`);
  for (const disagreement of undecided.slice(0, SHOWN)) print(described(disagreement));
}

function described({ reference, question, form, ours, theirs }: Disagreement): string {
  const other = question.kind === 'pipeline' && question.other !== undefined ? ` other ${show(question.other)}` : '';
  return [
    `UNDECIDED ${reference} | ${shapeOf(question, form)}`,
    `  docs ${show(question.docs)}${other}`,
    `  asked ${show(questionOf(question))}`,
    `  ours ${showOutcome(ours)}`,
    `  theirs ${showOutcome(theirs)}`,
  ].join('\n');
}
