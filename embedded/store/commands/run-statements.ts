import type { Query } from '../planner/query.js';
import { Item } from '../planner/scan.js';
import type { Collection } from '../storage/catalog.js';
import { documentKey } from '../storage/keys.js';
import type { DirectTarget } from '../transaction/direct-target.js';
import { LockedError } from '../transaction/locks.js';
import { noSuchTransaction, saveSession } from '../transaction/sessions.js';
import type { ReadView } from '../transaction/read-view.js';
import { StoreError } from '../values/index.js';
import type { CommandContext } from './context.js';
import { paced } from './count.js';
import { InterruptedError } from './pace.js';
import type { Failure, Statement } from './statement.js';

/** Ticks of a scan inside a commit before it is done outside, where it can pause. */
const MAX_TICKS = 16;
/** Milliseconds of work that one commit takes from one command. */
const COMMIT_SLICE_MS = 20;
/** Documents that one commit of a multi-update changes. */
const MULTI_CHUNK = 200;

/** A search inside a commit takes too long. */
class TooLongError extends Error {}

/**
 * Runs the statements of a write command in order and returns those that failed; an ordered run stops at the first.
 * Inside a transaction a failure ends the run, and the caller must abort.
 */
export async function runStatements(
  context: CommandContext,
  collection: Collection,
  statements: readonly Statement[],
  ordered: boolean,
): Promise<Failure[]> {
  if (context.transaction !== undefined) return runInTransaction(context, collection, statements);
  return new DirectRun(context, collection, statements, ordered).run();
}

async function runInTransaction(
  context: CommandContext,
  collection: Collection,
  statements: readonly Statement[],
): Promise<Failure[]> {
  const transaction = context.transaction;
  if (transaction === undefined) throw noSuchTransaction(0n);
  for (const [index, statement] of statements.entries()) {
    try {
      const limit = statement.multi ? Infinity : 1;
      const found =
        statement.query === undefined
          ? []
          : await collect(context, statement.query, transaction.view, collection, limit, whole);
      if (found.length === 0) statement.missing(transaction);
      for (const item of found) statement.change(transaction, item);
    } catch (error) {
      if (!(error instanceof StoreError) || error instanceof InterruptedError || error.labels.length > 0) throw error;
      return [{ index, error }];
    }
  }
  return [];
}

/** The first `limit` matches, letting other work run while looking for them. */
async function collect<T>(
  context: CommandContext,
  query: Query,
  view: ReadView,
  collection: Collection,
  limit: number,
  take: (item: Item) => T,
): Promise<T[]> {
  const found: T[] = [];
  if (limit === 0) return found;
  const most = limit === Infinity ? 0 : limit;
  for await (const item of paced(context, query, query.items(view, collection, undefined, most))) {
    found.push(take(item));
    if (found.length >= limit) break;
  }
  return found;
}

const whole = (item: Item): Item => item;
const recordOf = (item: Item): number => item.record;

/** Runs statements outside transactions, as many as possible in each commit. */
class DirectRun {
  private next = 0;
  private readonly failures: Failure[] = [];
  private stopped = false;

  constructor(
    private readonly context: CommandContext,
    private readonly collection: Collection,
    private readonly statements: readonly Statement[],
    private readonly ordered: boolean,
  ) {}

  async run(): Promise<Failure[]> {
    while (!this.stopped && this.next < this.statements.length) {
      this.context.pace.check();
      const statement = this.statements[this.next] as Statement;
      if (statement.multi) await this.alone(statement, () => this.runMulti(statement));
      else await this.runSome();
    }
    return this.failures;
  }

  /** One commit with the next statements, up to one that has to wait or to search for long. */
  private async runSome(): Promise<void> {
    let obstacle: LockedError | TooLongError | undefined;
    const done: Statement[] = [];
    const start = this.next;
    const until = performance.now() + COMMIT_SLICE_MS;
    await this.durable(done, (target) => {
      while (!this.stopped && this.next < this.statements.length) {
        const statement = this.statements[this.next] as Statement;
        if (statement.multi || (this.next > start && performance.now() > until)) break;
        obstacle = this.attempt(target, statement, done);
        if (obstacle !== undefined) break;
        this.next += 1;
      }
    });
    if (obstacle instanceof LockedError) await this.context.pace.wait(obstacle.owner.ended);
    if (obstacle instanceof TooLongError) {
      const statement = this.statements[this.next] as Statement;
      await this.alone(statement, () => this.runSlowly(statement));
    }
  }

  private attempt(
    target: DirectTarget,
    statement: Statement,
    done: Statement[],
  ): LockedError | TooLongError | undefined {
    if (this.restored(statement)) return undefined;
    try {
      const item = statement.query === undefined ? undefined : this.locate(target, statement.query);
      if (item === undefined) statement.missing(target);
      else statement.change(target, item);
      done.push(statement);
    } catch (error) {
      if (error instanceof LockedError || error instanceof TooLongError) return error;
      this.fail(error);
    }
    return undefined;
  }

  private locate(target: DirectTarget, query: Query): Item | undefined {
    let ticks = 0;
    for (const item of query.items(target.view, this.collection, undefined, 1)) {
      if (item !== undefined) return item;
      if (++ticks > MAX_TICKS) throw new TooLongError();
    }
    return undefined;
  }

  private async alone(statement: Statement, run: () => Promise<void>): Promise<void> {
    if (!this.restored(statement)) {
      try {
        await run();
      } catch (error) {
        this.fail(error);
      }
    }
    this.next += 1;
  }

  private fail(error: unknown): void {
    if (!(error instanceof StoreError) || error instanceof InterruptedError) throw error;
    this.failures.push({ index: this.next, error });
    this.stopped = this.ordered;
  }

  /** Searches outside the commit, then changes the document if it still matches; else searches again. */
  private async runSlowly(statement: Statement): Promise<void> {
    const query = statement.query as Query;
    for (;;) {
      const [found] = await collect(
        this.context,
        query,
        this.context.server.store.newest,
        this.collection,
        1,
        recordOf,
      );
      const done: Statement[] = [];
      const settled = await this.patiently(done, (target) => {
        if (found === undefined) {
          statement.missing(target);
        } else {
          const current = this.reread(target, found, query);
          if (current === undefined) return false;
          statement.change(target, current);
        }
        done.push(statement);
        return true;
      });
      if (settled) return;
    }
  }

  private async runMulti(statement: Statement): Promise<void> {
    const query = statement.query as Query;
    const newest = this.context.server.store.newest;
    const found = await collect(this.context, query, newest, this.collection, Infinity, recordOf);
    // A document that others move ahead in the index during the search is found again there.
    const records = [...new Set(found)];
    if (records.length === 0) {
      await this.patiently([], (target) => statement.missing(target));
      return;
    }
    for (let at = 0; at < records.length;) {
      let obstacle: unknown;
      await this.durable([], (target) => {
        for (const end = Math.min(at + MULTI_CHUNK, records.length); at < end; at += 1) {
          try {
            const current = this.reread(target, records[at] as number, query);
            if (current !== undefined) statement.change(target, current);
          } catch (error) {
            obstacle = error;
            return;
          }
        }
      });
      if (obstacle instanceof LockedError) await this.context.pace.wait(obstacle.owner.ended);
      else if (obstacle !== undefined) throw obstacle;
      if (this.context.pace.due()) await this.context.pace.pause();
    }
  }

  private reread(target: DirectTarget, record: number, query: Query): Item | undefined {
    const bytes = target.writer.get('documents', documentKey(this.collection.id, record));
    const item = bytes === undefined ? undefined : new Item(record, bytes);
    return item !== undefined && query.matches(item.doc) ? item : undefined;
  }

  /** `durable`, again and again until no lock is in the way. */
  private async patiently<T>(done: Statement[], work: (target: DirectTarget) => T): Promise<T> {
    for (;;) {
      try {
        return await this.durable(done, work);
      } catch (error) {
        if (!(error instanceof LockedError)) throw error;
        await this.context.pace.wait(error.owner.ended);
      }
    }
  }

  /** A commit that also stores the outcomes of retryable statements. */
  private async durable<T>(done: Statement[], work: (target: DirectTarget) => T): Promise<T> {
    const { session, retryNumber, server } = this.context;
    try {
      return await server.store.writeOnce((target) => {
        this.requireCollection();
        const result = work(target);
        // A repeat of what changed nothing may as well be run again.
        if (session !== undefined && retryNumber !== undefined && target.touched.length > 0) {
          for (const statement of done) session.results.set(statement.id, statement.outcome());
          saveSession(target.writer, session);
        }
        return result;
      });
    } catch (error) {
      for (const statement of done) session?.results.delete(statement.id);
      throw error;
    }
  }

  private requireCollection(): void {
    if (!this.context.server.store.catalog.has(this.collection)) {
      throw new StoreError(175, 'The collection was dropped while the command ran', { codeName: 'QueryPlanKilled' });
    }
  }

  private restored(statement: Statement): boolean {
    const earlier =
      this.context.retryNumber === undefined ? undefined : this.context.session?.results.get(statement.id);
    if (earlier === undefined) return false;
    statement.restore(earlier);
    return true;
  }
}
