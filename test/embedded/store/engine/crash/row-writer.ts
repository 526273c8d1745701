import type { Random } from '../../../../chaos/support/random.js';
import type { Answer, Line } from './line.js';
import type { Row, Snapshot, Writer } from './writer.js';

interface Attempt {
  id: string;
  before: Row | undefined;
  after: Row | undefined;
  command: Answer;
}

const FAR = Date.UTC(2100, 0, 1);
const ACTIONS = ['insert', 'insert', 'update', 'update', 'replace', 'delete', 'upsert', 'findAndModify'] as const;

/**
 * Writes documents of its own and knows what each of them must be. A write that had no answer may have happened or not;
 * a retryable one is sent again and must then have happened once.
 */
export class RowWriter implements Writer {
  readonly faults: string[] = [];
  readonly unanswered = { sent: 0, made: 0 };
  acknowledged = 0;
  private readonly rows = new Map<string, Row>();
  private open: Attempt | undefined;
  private last: { command: Answer; answer: Answer } | undefined;
  private count = 0;

  constructor(
    readonly name: string,
    readonly line: Line,
    private readonly random: Random,
    private readonly retryable: boolean,
  ) {}

  async step(): Promise<boolean> {
    const attempt = this.plan();
    if (this.retryable) attempt.command = this.line.numbered(attempt.command);
    this.open = attempt;
    const answer = await this.line.send(attempt.command);
    if (answer === undefined) return false;
    this.accept(attempt, answer);
    return true;
  }

  async settle(stored: Snapshot): Promise<void> {
    const mine = new Map(stored.rows.filter(({ w }) => w === this.name).map((row) => [row._id, row]));
    await this.repeat();
    const { open } = this;
    this.open = undefined;
    if (open !== undefined) {
      const is = text(mine.get(open.id));
      const made = is === text(open.after);
      this.unanswered.sent += 1;
      if (made) this.unanswered.made += 1;
      if (made) this.apply(open);
      else if (is !== text(open.before)) this.fault(`${open.id} is neither as before nor as after: ${is}`);
    }
    for (const [id, row] of this.rows) {
      if (text(mine.get(id)) !== text(row)) this.fault(`${id} should be ${text(row)} and is ${text(mine.get(id))}`);
    }
    for (const id of mine.keys()) if (!this.rows.has(id)) this.fault(`${id} is there and should not be`);
  }

  /** Sends the last command of a retryable writer again; called before and after the store is looked at. */
  async repeat(): Promise<void> {
    if (!this.retryable) return;
    if (this.open !== undefined) {
      const attempt = this.open;
      const answer = await this.line.send(attempt.command);
      this.open = undefined;
      if (answer === undefined) this.fault('no answer to a repeated write');
      else this.accept(attempt, answer);
      return;
    }
    if (this.last === undefined) return;
    const again = await this.line.send(this.last.command);
    if (told(again) !== told(this.last.answer)) {
      this.fault(`a repeated write answered ${told(again)} instead of ${told(this.last.answer)}`);
    }
  }

  private accept(attempt: Attempt, answer: Answer): void {
    this.open = undefined;
    this.last = { command: attempt.command, answer };
    const done = answer['ok'] === 1 && answer['writeErrors'] === undefined;
    const count = attempt.command['findAndModify'] === undefined ? answer['n'] : answer['lastErrorObject']?.n;
    if (!done || count !== 1) return this.fault(`unexpected answer ${text(answer)} to ${text(attempt.command)}`);
    if (attempt.command['findAndModify'] !== undefined && text(answer['value']) !== text(attempt.after)) {
      this.fault(`findAndModify answered ${text(answer['value'])} instead of ${text(attempt.after)}`);
    }
    this.acknowledged += 1;
    this.apply(attempt);
  }

  private apply({ id, after }: Attempt): void {
    if (after === undefined) this.rows.delete(id);
    else this.rows.set(id, after);
  }

  private fault(what: string): void {
    this.faults.push(`${this.name}: ${what}`);
  }

  private plan(): Attempt {
    const action = this.rows.size < 3 ? 'insert' : this.random.pick(ACTIONS);
    const known = this.random.pick([...this.rows.values(), undefined]);
    if (action === 'insert' || action === 'upsert' || known === undefined) return this.fresh(action === 'upsert');
    const id = known._id;
    const after = { ...known, ...this.values(), n: known.n + 1 };
    const { n, ...others } = after;
    const { _id, ...set } = others;
    const change = { $set: set, $inc: { n: 1 } };
    if (action === 'delete') {
      const command = { delete: 'rows', deletes: [{ q: { _id: id }, limit: 1 }] };
      return { id, before: known, after: undefined, command };
    }
    if (action === 'findAndModify') {
      const command = { findAndModify: 'rows', query: { _id }, update: change, new: true };
      return { id, before: known, after, command };
    }
    const u = action === 'replace' ? { ...others, n } : change;
    return { id, before: known, after, command: { update: 'rows', updates: [{ q: { _id }, u }] } };
  }

  private fresh(upsert: boolean): Attempt {
    const id = `${this.name}.${this.count++}`;
    const after: Row = { _id: id, w: this.name, n: 1, ...this.values() };
    const { _id, ...fields } = after;
    const updates = [{ q: { _id }, u: { $set: fields }, upsert: true }];
    const command = upsert ? { update: 'rows', updates } : { insert: 'rows', documents: [after] };
    return { id, before: undefined, after, command };
  }

  private values(): Omit<Row, '_id' | 'w' | 'n'> {
    const { random } = this;
    const small = (): number => random.below(10);
    return {
      k: `${this.name}-${this.count}-${random.below(1e9)}`,
      a: small(),
      b: small(),
      tags: Array.from({ length: random.below(4) }, () => `t${small()}`),
      level: small(),
      ...(small() < 5 ? { s: `s${small()}` } : {}),
      at: new Date(FAR + random.below(1e9)),
      text: 'x'.repeat(random.below(random.below(10) === 0 ? 20_000 : 300)),
    };
  }
}

/** The same text for the same values, in whatever order the fields are. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** What an answer says besides the time. */
function told(answer: object | undefined): string {
  return text({ ...answer, operationTime: undefined, $clusterTime: undefined });
}

/** Indexes of `rows`, one of each kind. */
export const ROW_INDEXES = [
  { key: { k: 1 }, name: 'k', unique: true },
  { key: { a: 1, b: -1 }, name: 'ab' },
  { key: { tags: 1, n: 1 }, name: 'tags' },
  { key: { level: 1 }, name: 'level', partialFilterExpression: { level: { $gt: 5 } } },
  { key: { s: 1 }, name: 's', sparse: true },
  { key: { at: 1 }, name: 'at', expireAfterSeconds: 0 },
];
