import { ensureInstalled } from './setup/install.mjs';
import { main, runTool, say, SetupError } from './setup/run.mjs';
import { ensureProgram, REDIS } from './setup/system-packages.mjs';

const MINUTES = 60_000;

/** The suites that a real MongoDB must pass like the embedded store. Each test file uses databases of its own names. */
const SUITES = [
  { name: 'conformance', project: 'store', tests: 'test/embedded/store/conformance' },
  { name: 'integration', project: 'integration', tests: 'test/integration' },
];

await main(async () => {
  const uri = process.env.MONGODB_URI ?? '';
  if (!/^mongodb(\+srv)?:\/\//.test(uri)) {
    throw new SetupError(
      'Set MONGODB_URI to the MongoDB replica set that the tests may use, for example\n' +
        '  MONGODB_URI=mongodb://127.0.0.1:27017/?replicaSet=rs0 npm run test:mongodb\n' +
        'Databases named conformance_… and hub_… are created there and dropped again.',
    );
  }
  await ensureInstalled();
  await ensureProgram(REDIS);
  const failed = [];
  for (const { name, project, tests } of SUITES) {
    say(name);
    const args = ['--ci', '--selectProjects', project, '--testPathPatterns', tests];
    const env = { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' };
    if (!(await runTool('jest/bin/jest.js', args, { env, timeoutMs: 30 * MINUTES }))) failed.push(name);
  }
  if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
});
