import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { TEST_PARTS } from './setup/parts.mjs';
import { main, ROOT, runTool, say, SetupError } from './setup/run.mjs';
import { ensureProgram } from './setup/system-packages.mjs';

const MINUTES = 60_000;

/** The parts in order: what each needs first, and how it runs. A part answers { passed, failed, skipped }. */
const PARTS = {
  build: { needs: [], run: () => check('build', async () => (await ensureBuilt(), true)) },
  lint: { needs: [], run: lint },
  types: { needs: [], run: types },
  ...Object.fromEntries(
    Object.entries(TEST_PARTS).map(([name, { programs, minutes }]) => [
      name,
      { needs: programs, run: () => jest(name, minutes) },
    ]),
  ),
};

const NOTHING = { passed: 0, failed: 0, skipped: 0 };
const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });

/** Counts a step that is no test as one failure if it fails, and as nothing if it does not. */
async function check(name, step) {
  let fine = false;
  try {
    fine = await step();
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
  }
  if (!fine) failures.push(name);
  return fine ? NOTHING : { ...NOTHING, failed: 1 };
}

const failures = [];

async function lint() {
  const eslint = await check('eslint', () => runTool('eslint/bin/eslint.js', ['.']));
  const prettier = await check('prettier', () =>
    runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  );
  return add(eslint, prettier);
}

/** The server's types, then those of every page, which stand alone. */
async function types() {
  const web = join(ROOT, 'web');
  const folders = existsSync(web) ? ['.', ...readdirSync(web)].map((name) => join('web', name)) : [];
  const configs = folders.map((folder) => join(folder, 'tsconfig.json')).filter((path) => existsSync(join(ROOT, path)));
  let total = NOTHING;
  for (const config of ['tsconfig.json', ...configs]) {
    const args = ['--noEmit', '-p', config];
    total = add(total, await check(`tsc ${config}`, () => runTool('typescript/bin/tsc', args)));
  }
  return total;
}

/** One jest project; a test file that cannot even run counts as a failure. */
async function jest(project, limitMinutes) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-test-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['--ci', '--passWithNoTests', '--selectProjects', project, '--json', `--outputFile=${report}`];
    const env = { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' };
    const fine = await runTool('jest/bin/jest.js', args, { env, timeoutMs: limitMinutes * MINUTES });
    const found = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
    const result = {
      passed: found?.numPassedTests ?? 0,
      failed: (found?.numFailedTests ?? 0) + (found?.numRuntimeErrorTestSuites ?? 0),
      skipped: (found?.numPendingTests ?? 0) + (found?.numTodoTests ?? 0),
    };
    if (!fine) failures.push(project);
    return fine || result.failed > 0 ? result : { ...result, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function chosenParts() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  if (values.only === undefined) return Object.keys(PARTS);
  const chosen = values.only.split(',').map((name) => name.trim());
  const unknown = chosen.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new SetupError(`No part is called ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`);
  if (chosen.some((name) => TEST_PARTS[name]?.runsTheBuild)) chosen.push('build');
  return Object.keys(PARTS).filter((name) => chosen.includes(name));
}

await main(async () => {
  const parts = chosenParts();
  await ensureInstalled();
  const times = [];
  let total = NOTHING;
  for (const name of parts) {
    const { needs, run } = PARTS[name];
    let ready = NOTHING;
    for (const program of needs)
      ready = add(ready, await check(name, async () => (await ensureProgram(program)) !== null));
    const begun = Date.now();
    if (ready.failed === 0) say(name);
    const result = ready.failed > 0 ? ready : await run();
    times.push(`${name} ${Math.round((Date.now() - begun) / 1_000)} s`);
    total = add(total, result);
  }
  console.log(`\nTook: ${times.join(', ')}`);
  if (failures.length > 0) console.error(`\nFailed: ${[...new Set(failures)].join(', ')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 ? 1 : 0;
});
