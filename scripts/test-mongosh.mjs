import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clearTimeout, setTimeout } from 'node:timers';
import { ensureInstalled, isInstalled } from './setup/install.mjs';
import { main, ROOT, run, say, SetupError } from './setup/run.mjs';
import { STEPS } from '../test/mongosh/steps.mjs';

const FOLDER = 'test/mongosh';
const SHELL = join(ROOT, FOLDER, 'node_modules/mongosh/bin/mongosh.js');
const PASSWORD = 'for-the-shell';
/** Longest time one start of the shell may take on a busy machine. */
const STEP_TIMEOUT_MS = 60_000;

/** MongoDB's shell has a lock file of its own, so that nobody installs it who does not need it. */
async function ensureShell() {
  if (isInstalled(FOLDER)) return;
  say("Installing MongoDB's shell (npm ci in test/mongosh)");
  const args = ['ci', '--prefix', FOLDER, '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'];
  if (!(await run('npm', args))) throw new SetupError('The shell could not be installed. npm says why above.');
}

/** Starts the store as a process of its own, with log-in, and waits for its address. */
function startStore(dataDir) {
  const args = ['--import', 'tsx', 'embedded/store/main.ts', '--data', dataDir, '--port', '0'];
  const stdio = ['ignore', 'pipe', 'inherit'];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio, env: { ...process.env, STORE_PASSWORD: PASSWORD } });
  const ended = new Promise((done) => child.once('exit', done));
  const ready = new Promise((done) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line).uri));
  });
  const failed = ended.then(() => Promise.reject(new Error('the store ended at its start')));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { address: Promise.race([ready, failed]), stop };
}

/** The shell's folder for settings: it reports no usage and looks for no updates. */
function makeHome(home) {
  const folder = join(home, '.mongodb/mongosh');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config'), JSON.stringify({ enableTelemetry: false, updateURL: '' }));
}

/** What the shell prints for one line typed into it, and how it ends. Its address holds a password, which no list of processes shows. */
function shell(home, uri, code) {
  const connect = 'db = connect(process.env.STORE_URI)';
  const args = [SHELL, '--quiet', '--norc', '--nodb', '--json=relaxed', '--eval', connect, '--eval', code];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, HOME: home, STORE_URI: uri },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), STEP_TIMEOUT_MS);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', fail);
    child.once('close', (status) => {
      clearTimeout(timer);
      done({ status, output });
    });
  });
}

/** Runs one step; answers whether it came out as it says. */
async function passes(home, uri, { name, code, refused = false, check }) {
  const { status, output } = await shell(home, uri, code);
  try {
    assert.equal(status, refused ? 1 : 0, 'the shell ended with another status');
    check(JSON.parse(output));
    console.log(`  ✓ ${name}`);
    return true;
  } catch (error) {
    console.error(`  ✗ ${name}\n${code}\n${error.message}\n${output}`);
    return false;
  }
}

await main(async () => {
  await ensureInstalled();
  await ensureShell();
  const folder = mkdtempSync(join(tmpdir(), 'mongosh-'));
  const store = startStore(join(folder, 'data'));
  try {
    const [, host, options] = /^mongodb:\/\/([^/]+)\/\?(.*)$/.exec(await store.address) ?? [];
    const uri = `mongodb://switchboard:${PASSWORD}@${host}/shop?${options}&authSource=admin`;
    makeHome(folder);
    say("MongoDB's shell on the embedded store");
    let passed = 0;
    for (const step of STEPS) if (await passes(folder, uri, step)) passed += 1;
    console.log(`\n${passed} passed, ${STEPS.length - passed} failed`);
    return passed === STEPS.length ? 0 : 1;
  } finally {
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
