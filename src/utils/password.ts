import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { truncates } from 'bcryptjs';
import { unavailable, validationError } from '../errors.js';

/** bcrypt's work factor; OWASP's password storage guide asks for 10 or more. */
const COST = 10;
const MIN_LENGTH = 10;
/** Jobs waiting for the one thread; beyond it callers are turned away instead of waiting for many seconds. */
const MAX_WAITING = 100;

/**
 * Runs in a thread of its own, because bcryptjs keeps its thread busy for about 80 ms per hash (SPEC 16). It is text, so that it
 * starts alike from TypeScript sources and from the build.
 */
const WORKER_SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const bcrypt = require(workerData.bcrypt);
parentPort.on('message', ({ id, password, hash, cost }) => {
  try {
    const result = hash === null ? bcrypt.hashSync(password, cost) : bcrypt.compareSync(password, hash);
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, error: error.message });
  }
});
`;

interface Job {
  resolve(result: string | boolean): void;
  reject(error: Error): void;
}

interface Answer {
  id: number;
  result?: string | boolean;
  error?: string;
}

let worker: Worker | null = null;
let lastId = 0;
const waiting = new Map<number, Job>();

function startWorker(): Worker {
  const bcrypt = createRequire(import.meta.url).resolve('bcryptjs');
  const started = new Worker(WORKER_SOURCE, { eval: true, workerData: { bcrypt }, execArgv: [] });
  started.unref();
  started.on('message', (answer: Answer) => {
    const job = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) started.unref();
    if (answer.result === undefined) job?.reject(new Error(answer.error ?? 'the password thread gave no answer'));
    else job?.resolve(answer.result);
  });
  started.on('error', (error) => {
    worker = null;
    for (const job of waiting.values()) job.reject(error);
    waiting.clear();
  });
  return started;
}

function run(password: string, hash: string | null): Promise<string | boolean> {
  if (waiting.size >= MAX_WAITING) return Promise.reject(unavailable());
  worker ??= startWorker();
  const thread = worker;
  return new Promise((resolve, reject) => {
    const id = (lastId += 1);
    waiting.set(id, { resolve, reject });
    thread.ref();
    thread.postMessage({ id, password, hash, cost: COST });
  });
}

/**
 * Refuses passwords that are too short, or so long that bcrypt would ignore their end.
 * @throws AppError 400 naming the field.
 */
export function assertPassword(password: string, field = 'password'): void {
  if ([...password].length < MIN_LENGTH)
    throw validationError([{ field, message: `must have at least ${MIN_LENGTH} characters` }]);
  if (truncates(password)) throw validationError([{ field, message: 'must not be longer than 72 bytes' }]);
}

/** Hashes a password off the event loop. @throws AppError 400 for an unfit password, 503 when too many are waiting. */
export async function hashPassword(password: string): Promise<string> {
  assertPassword(password);
  return String(await run(password, null));
}

let standIn: string | null = null;

/**
 * Whether the password is the one of the hash. Without a hash (no such account) it takes as long and says no, so that time does
 * not tell which accounts exist.
 * @throws AppError 503 when too many are waiting.
 */
export async function checkPassword(password: string, hash: string | null): Promise<boolean> {
  standIn ??= String(await run('nobody has this password', null));
  const compared = (await run(password, hash ?? standIn)) === true;
  return compared && hash !== null && !truncates(password);
}
