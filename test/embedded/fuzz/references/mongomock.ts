import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BSON, Decimal128, Double } from 'bson';
import { isRow, type Case, type Implementation, type Outcome } from '../case.js';
import { numberOf } from '../compare.js';

const WORKER = fileURLToPath(new URL('mongomock_worker.py', import.meta.url));

/**
 * The Python library mongomock, asked through a worker process that speaks lines of Extended JSON. It has no
 * Decimal128 arithmetic: such numbers are handed over as doubles.
 */
export class Mongomock implements Implementation {
  private readonly worker: ChildProcess;
  private readonly waiting: ((line: string) => void)[] = [];

  /** @param interpreter a Python that has mongomock and pymongo's bson */
  constructor(interpreter: string) {
    this.worker = spawn(interpreter, [WORKER], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.worker.stdout! }).on('line', (line) => this.waiting.shift()?.(line));
  }

  async ask(question: Case): Promise<Outcome> {
    const answer = new Promise<string>((resolve) => this.waiting.push(resolve));
    this.worker.stdin!.write(`${BSON.EJSON.stringify(withoutDecimals(question), { relaxed: false })}\n`);
    const line = await answer;
    try {
      return BSON.EJSON.parse(line, { relaxed: false }) as Outcome;
    } catch (error) {
      // Python's integers have no end: it may answer with one that BSON does not have.
      return { silent: (error as Error).message };
    }
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    this.worker.stdin!.end();
    await once(this.worker, 'exit');
  }
}

function withoutDecimals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDecimals);
  if (isRow(value))
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutDecimals(field)]));
  return value instanceof Decimal128 ? new Double(numberOf(value)!) : value;
}
