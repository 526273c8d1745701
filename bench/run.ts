import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { judged, keepsBudget, type BenchCase, type Measurement } from './lib/types.js';

/** Runs the cases named on the command line, or all, one after the other; fails when a budget is missed. */
const CASES = join(import.meta.dirname, 'cases');

const all = readdirSync(CASES)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const rounded = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

function lineOf(measurement: Measurement): string {
  const { label, unit, value, baseline, budget } = measurement;
  const kept = keepsBudget(measurement);
  const limit =
    budget === undefined
      ? ''
      : `  ${'atLeast' in budget ? `≥ ${budget.atLeast}` : `≤ ${budget.atMost}`}  ${kept === true ? 'kept' : 'MISSED'}`;
  const compared = baseline === null ? '' : `  baseline ${rounded(baseline)}  ratio ${judged(measurement).toFixed(2)}`;
  return `  ${label.padEnd(44)} ${rounded(value).padStart(8)} ${unit.padEnd(6)}${compared}${limit}`;
}

async function runCase(name: string): Promise<boolean> {
  const { default: bench } = (await import(join(CASES, `${name}.ts`))) as { default: BenchCase };
  console.log(`\n${name}: ${bench.title}`);
  const measurements = await bench.run();
  for (const measurement of measurements) console.log(lineOf(measurement));
  return measurements.every((measurement) => keepsBudget(measurement) !== false);
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  process.exit(1);
}
let kept = true;
for (const name of chosen.length > 0 ? chosen : all) kept = (await runCase(name)) && kept;
process.exit(kept ? 0 : 1);
