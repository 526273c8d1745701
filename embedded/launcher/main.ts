import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RedisMissingError } from '../redis/redis-program.js';
import { CheckFailedError } from './check-failed-error.js';
import { ChildFailedError } from './child.js';
import { DataDirError } from './data-dir.js';
import { onParentsGone } from './parents.js';
import { startStack, StackError, type Role, type Stack } from './stack.js';

const USAGE = `npm run demo -- [options]
  --port <number>    port of the hub (3000)
  --data <folder>    where everything is kept (data)
  --fresh            start over with an empty store
  --split            HTTP and background work in processes of their own
  --no-sandbox       without the Messenger sandbox
  --no-seed          without the demo company
  --no-open          do not open the browser
  --public           allow a HOST that others can reach
  --check            send messages on both channels, say what arrived, and stop; in a temporary folder
                     and on a free port, unless --data and --port say otherwise
  --help             show this`;

/** Settings of the environment that reach the hub as they are, where the launcher would otherwise choose. */
const PASSED_ON = ['PUBLIC_URL', 'HOST', 'JWT_SECRET', 'ENCRYPTION_KEY', 'META_ATTACHMENT_HOSTS'];
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
/** A second Ctrl-C within this time is the same one, handed on twice. Milliseconds. */
const SAME_SIGNAL_WITHIN = 1_000;

const given = (name: string): string | undefined => (process.env[name] === '' ? undefined : process.env[name]);

function readOptions() {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      split: { type: 'boolean', default: false },
      sandbox: { type: 'boolean', default: true },
      seed: { type: 'boolean', default: true },
      open: { type: 'boolean', default: true },
      public: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port ?? (values.check ? 0 : 3000));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new StackError('--port must be a port number.');
  if (values.check && !values.seed) throw new StackError('--check needs the demo company. Leave out --no-seed.');
  const host = given('HOST');
  if (host !== undefined && !LOOPBACK.includes(host) && !values.public) throw new StackError(publicMeans(host));
  return { ...values, port };
}

const publicMeans = (host: string): string =>
  `HOST=${host} opens the demo to your network. It shows its log-ins, the admin's too, to everybody who opens it, and the ` +
  'connection is not encrypted. If that is what you want, add --public, and name the address that people open with ' +
  'PUBLIC_URL=http://<this machine>:<port>.';

type Options = ReturnType<typeof readOptions>;

/** What is configured is used; all else is ours, and said aloud. */
function start(options: Options, dataDir: string, signal: AbortSignal): Promise<Stack> {
  const mongodbUri = given('MONGODB_URI');
  const redisUrl = given('REDIS_URL');
  const realMessenger = given('META_APP_SECRET') !== undefined || given('GRAPH_BASE_URL') !== undefined;
  const sandbox = options.sandbox && !realMessenger;
  const messenger = sandbox ? 'sandbox (set META_APP_SECRET for the real one)' : realMessenger ? 'as set' : 'none';
  const roles: Role[] = options.split ? ['api', 'worker'] : ['all'];
  console.log(
    [
      `Store:     ${mongodbUri === undefined ? 'embedded (set MONGODB_URI for MongoDB)' : 'as set'}`,
      `Redis:     ${redisUrl === undefined ? 'our own, nothing kept (set REDIS_URL for another)' : 'as set'}`,
      `Files:     ${given('S3_BUCKET') === undefined ? 'local folder (set S3_BUCKET for S3)' : 'as set'}`,
      `Messenger: ${messenger}`,
      'Starting …',
    ].join('\n'),
  );
  return startStack({
    dataDir,
    fresh: options.fresh,
    port: options.port,
    roles,
    sandbox,
    seed: options.seed,
    ...(mongodbUri === undefined ? {} : { mongodbUri }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    env: Object.fromEntries(
      PASSED_ON.flatMap((name) => (given(name) === undefined ? [] : [[name, given(name) ?? '']])),
    ),
    signal,
    log: (line) => console.log(`${new Date().toISOString()} ${line}`),
  });
}

function announce({ urls, demo }: Stack, options: Options, dataDir: string, seconds: number): void {
  const width = Math.max(...demo.users.map(({ email }) => email.length), 0);
  const users = demo.users.map(
    ({ role, email, password }) => `  ${role.padEnd(12)} ${email.padEnd(width)}  ${password}`,
  );
  const lines = [
    '',
    `Switchboard is ready (${seconds.toFixed(1)} s).`,
    '',
    `  Inbox        ${urls.hub}`,
    ...(options.seed ? [`  Demo shop    ${urls.hub}/shop`] : []),
    ...(urls.sandbox === null ? [] : [`  Messenger    ${urls.sandbox}`]),
    ...(users.length === 0 ? [] : ['', 'Log-ins', ...users]),
    ...(options.seed ? [] : ['', `The set-up code for the first admin stands in ${dataDir}/logs, in the hub's log.`]),
    '',
    `Everything is kept in ${dataDir}/ (also demo.json, for scripts). Ctrl-C stops it.`,
  ];
  console.log(lines.join('\n'));
}

/** Only where somebody is looking; a machine without a browser is no fault. */
function openBrowser(url: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

/** Stops at the first signal, or when the npm that runs us has ended, and without ceremony at a second signal. */
function stopOnSignal(abort: AbortController, running: () => Stack | null): Promise<void> {
  return new Promise((resolve) => {
    let first: number | null = null;
    const onSignal = (): void => {
      if (first !== null) {
        if (Date.now() - first > SAME_SIGNAL_WITHIN) running()?.forceStop();
        return;
      }
      first = Date.now();
      console.log('\nStopping …');
      abort.abort();
      void (running()?.stop() ?? Promise.resolve()).then(resolve);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    if (given('npm_lifecycle_event') !== undefined) onParentsGone(onSignal);
  });
}

const isForPeople = (error: unknown): error is Error =>
  [DataDirError, StackError, RedisMissingError, ChildFailedError, CheckFailedError].some(
    (kind) => error instanceof kind,
  ) ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

/** Starts it, shows where it is, and waits for the end. */
async function run(options: Options, dataDir: string): Promise<void> {
  const begun = Date.now();
  const abort = new AbortController();
  let stack: Stack | null = null;
  const stopped = stopOnSignal(abort, () => stack);
  try {
    stack = await start(options, dataDir, abort.signal);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    if (options.check) throw stoppedEarly();
    return;
  }
  const seconds = (Date.now() - begun) / 1_000;
  if (options.check) return check(stack, seconds, abort.signal);
  announce(stack, options, dataDir, seconds);
  if (options.open && process.stdout.isTTY) openBrowser(stack.urls.hub);
  await stopped;
}

const stoppedEarly = (): CheckFailedError => new CheckFailedError('The check was stopped before it was through.');

/** @throws CheckFailedError, also when it is stopped before its end. */
async function check(stack: Stack, seconds: number, signal: AbortSignal): Promise<void> {
  console.log(`\nSwitchboard is ready (${seconds.toFixed(1)} s).\n`);
  const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(stoppedEarly())));
  try {
    // Only here, because the client is for tests and pages and need not be there otherwise.
    const { checkDemo } = await import('./check.js');
    await Promise.race([checkDemo(stack, (line) => console.log(`✓ ${line}`)), stopped]);
    console.log('\nThe demo works.');
  } finally {
    await stack.stop();
  }
}

async function main(): Promise<void> {
  // Whoever read what we say may be gone before us; that is no reason to leave the children behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const options = readOptions();
  if (options.help) return console.log(USAGE);
  if (options.data !== undefined || !options.check) return run(options, options.data ?? 'data');
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-check-'));
  try {
    await run(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(isForPeople(error) ? `\n${error.message}` : error);
  process.exit(1);
}
