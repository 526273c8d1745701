import { Binary, Code, Doc, StoreError, type Value } from '../values/index.js';
import { Heap } from './heap.js';
import type { SortKey } from './sort.js';

/** Most bytes that one sort holds (MongoDB's internalQueryMaxBlockingSortMemoryUsageBytes). */
export const MAX_SORT_BYTES = 100 * 1024 * 1024;
/** Most bytes with `allowDiskUse`: nothing is sorted on disk here. */
export const MAX_LARGE_SORT_BYTES = 512 * 1024 * 1024;
/** Rows sorted in one go, a few milliseconds of work. */
const RUN_ROWS = 1024;
/** Rows handed out between two ticks. */
const TICK_ROWS = 128;
/** Bytes of a row's own structure, about. */
const ROW_BYTES = 120;

/** What a row carries, with its size. */
export interface Load<T> {
  value: T;
  bytes: number;
}

interface Row<T> {
  key: readonly Value[];
  /** Decides between equal keys; different for every row. */
  tie: number;
  value: T;
  bytes: number;
}

interface Run<T> {
  rows: Row<T>[];
  at: number;
}

/** What a sort is to give. */
export interface SorterOptions {
  /** How many of the first rows are wanted. */
  wanted: number;
  /** The client lets the sort hold more. */
  allowDiskUse: boolean;
}

/**
 * Sorts rows without ever working for long at a time: short runs are sorted as they fill, and merged while the rows are
 * handed out. With a limit only the rows within it are kept.
 */
export class Sorter<T> {
  private readonly runs: Run<T>[] = [];
  private current: Row<T>[] = [];
  /** The wanted rows seen so far, the last of them first. */
  private readonly kept: Heap<Row<T>> | undefined;
  private readonly maxBytes: number;
  private bytes = 0;

  constructor(
    private readonly key: SortKey,
    private readonly options: SorterOptions,
  ) {
    this.maxBytes = options.allowDiskUse ? MAX_LARGE_SORT_BYTES : MAX_SORT_BYTES;
    if (options.wanted < Infinity) this.kept = new Heap((a, b) => this.order(a, b) > 0);
  }

  /**
   * Adds a row; `load` is only called for one that is kept, with the bytes held so far. Throws StoreError 292 when the
   * sort holds too much.
   */
  add(key: readonly Value[], tie: number, load: (held: number) => Load<T>): void {
    const { kept } = this;
    const last = kept !== undefined && kept.size >= this.options.wanted ? kept.first : undefined;
    if (last !== undefined && (this.key.compare(key, last.key) || tie - last.tie) > 0) return;
    const { value, bytes } = load(this.bytes);
    const row = {
      key,
      tie,
      value,
      bytes: bytes + ROW_BYTES + key.reduce<number>((sum, part) => sum + sizeOf(part), 0),
    };
    this.bytes += row.bytes - (last?.bytes ?? 0);
    if (this.bytes > this.maxBytes) throw this.tooLarge();
    if (last !== undefined) kept?.replaceFirst(row);
    else if (kept !== undefined) kept.push(row);
    else {
      this.current.push(row);
      if (this.current.length >= RUN_ROWS) this.closeRun();
    }
  }

  /** The rows in order, with ticks (undefined) in between. */
  *sorted(): Generator<T | undefined> {
    for (const row of this.kept?.drain() ?? []) {
      this.current.push(row);
      if (this.current.length < RUN_ROWS) continue;
      this.closeRun();
      yield undefined;
    }
    this.closeRun();
    const heads = new Heap<Run<T>>((a, b) => this.order(a.rows[a.at]!, b.rows[b.at]!) < 0);
    for (const run of this.runs) heads.push(run);
    let given = 0;
    for (let run = heads.first; run !== undefined; run = heads.first) {
      yield run.rows[run.at]!.value;
      run.at += 1;
      if (run.at < run.rows.length) heads.replaceFirst(run);
      else heads.removeFirst();
      if (++given % TICK_ROWS === 0) yield undefined;
    }
  }

  private order(a: Row<T>, b: Row<T>): number {
    return this.key.compare(a.key, b.key) || a.tie - b.tie;
  }

  private closeRun(): void {
    if (this.current.length === 0) return;
    this.runs.push({ rows: this.current.sort((a, b) => this.order(a, b)), at: 0 });
    this.current = [];
  }

  private tooLarge(): StoreError {
    const advice = this.options.allowDiskUse
      ? 'and this store does not sort on disk; add an index for it or a limit'
      : 'but did not opt in to external sorting. Aborting operation. Pass allowDiskUse:true to opt in.';
    return new StoreError(292, `Sort exceeded memory limit of ${this.maxBytes} bytes, ${advice}`, {
      codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed',
    });
  }
}

/** Bytes that a value takes in memory, about. */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return 24 + value.length;
  if (value instanceof Date) return 96;
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + sizeOf(part), 32);
  if (value instanceof Doc) {
    return [...value].reduce<number>((sum, [name, part]) => sum + 24 + name.length + sizeOf(part), 64);
  }
  if (value instanceof Binary) return 96 + value.position;
  if (value instanceof Code) return 96 + value.code.length;
  return 40;
}
