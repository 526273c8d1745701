import { performance } from 'node:perf_hooks';
import { createContext, Script, type Context } from 'node:vm';
import { StoreError } from '../values/index.js';

/** Milliseconds that matching one text may take without counting as slow. */
const FREE_MS = 3;
/** Milliseconds of slow matching that there are at most, for all clients together. */
const MOST_MS = 250;
/** Milliseconds of it that must be left for a match to begin. */
const LEAST_MS = 20;
/** Milliseconds of slow matching that come back with every second. */
const BACK_MS_PER_SECOND = 50;

let left = MOST_MS;
let counted = performance.now();

/** What is left of the time for slow matching. Throws StoreError 51156 when it is used up. */
function remaining(): number {
  const now = performance.now();
  left = Math.min(MOST_MS, left + ((now - counted) * BACK_MS_PER_SECOND) / 1000);
  counted = now;
  if (left < LEAST_MS) throw tooSlow();
  return left;
}

/** Time that this process has computed; unlike that of a clock, it does not grow while others have the processor. */
function processorMs(): number {
  return process.cpuUsage().user / 1000;
}

function tooSlow(): StoreError {
  return new StoreError(51156, 'Error occurred while executing the regular expression: it takes too long; simplify it');
}

/** Runs a match and counts its time. Throws StoreError 51156 when the time for slow matching is used up. */
export function spend(match: () => boolean): boolean {
  remaining();
  const start = processorMs();
  const found = match();
  left -= Math.max(0, processorMs() - start - FREE_MS);
  return found;
}

const script = new Script('expression.test(text)');
let sandbox: Context | undefined;

/** Tests an expression of JavaScript's engine, which may need exponential time, and gives up when the time is used up. */
export function testWithin(expression: RegExp, text: string): boolean {
  const timeout = Math.ceil(remaining());
  sandbox ??= createContext({ expression, text });
  Object.assign(sandbox, { expression, text });
  try {
    return spend(() => script.runInContext(sandbox as Context, { timeout }) === true);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    left = 0;
    throw tooSlow();
  } finally {
    Object.assign(sandbox, { expression: undefined, text: undefined });
  }
}
