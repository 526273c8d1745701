import { waitAskedFor } from '../api/failure.js';
import type { Schedule } from './store.js';

const RETRY_MS = 3_000;
const SOON_MS = 400;

/** One thing on screen that is kept in step with the server: a list view or a thread. */
export class SyncTarget<K> {
  readonly #sync: (key: K) => Promise<boolean>;
  readonly #name: (key: K) => string;
  readonly #changed: () => void;
  readonly #schedule: Schedule;
  #key: K | null = null;
  #started = false;
  #inStep = false;
  /** Moves with every connection and every other key; an answer to an earlier turn says nothing about this one. */
  #turn = 0;
  #running = false;
  #again = false;
  /** The server asked not to be asked for a while; the timer ends it. */
  #paused = false;
  #cancelTimer: (() => void) | null = null;

  constructor(sync: (key: K) => Promise<boolean>, name: (key: K) => string, changed: () => void, schedule: Schedule) {
    this.#sync = sync;
    this.#name = name;
    this.#changed = changed;
    this.#schedule = schedule;
  }

  /** Whether a catch-up of this turn was answered; nothing on screen is always in step. */
  get fresh(): boolean {
    return this.#key === null || this.#inStep;
  }

  /** Another key begins a new turn; the same one changes nothing. */
  watch(key: K | null): void {
    const same = key === null || this.#key === null ? key === this.#key : this.#name(key) === this.#name(this.#key);
    if (same) return;
    this.#key = key;
    this.#beginTurn();
    this.ask();
    this.#changed();
  }

  start(): void {
    this.#started = true;
    this.#beginTurn();
    this.ask();
  }

  stop(): void {
    this.#started = false;
    this.#beginTurn();
  }

  /** Asks now, or once more after the request that is under way. */
  ask(): void {
    if (!this.#started || this.#key === null || this.#paused) return;
    if (this.#running) this.#again = true;
    else void this.#run(this.#key);
  }

  /** What is to be kept in step has been loaded only now. */
  loaded(): void {
    if (!this.#running && !this.#inStep) this.ask();
  }

  /** Asks once for everything that happens within a moment. */
  askSoon(): void {
    if (this.#cancelTimer !== null || !this.#started) return;
    this.#after(SOON_MS);
  }

  async #run(key: K): Promise<void> {
    const turn = this.#turn;
    this.#running = true;
    this.#again = false;
    let pause: number | null = null;
    const answer = await this.#sync(key).catch((error: unknown) => {
      pause = waitAskedFor(error);
      return null;
    });
    if (turn !== this.#turn) return;
    this.#running = false;
    this.#inStep = answer === true;
    this.#changed();
    if (pause !== null) this.#pause(pause);
    else if (this.#again) this.ask();
    else if (answer === null && this.#cancelTimer === null) this.#after(RETRY_MS);
  }

  #pause(ms: number): void {
    this.#cancelTimer?.();
    this.#paused = true;
    this.#after(ms);
  }

  #after(ms: number): void {
    this.#cancelTimer = this.#schedule(() => {
      this.#cancelTimer = null;
      this.#paused = false;
      this.ask();
    }, ms);
  }

  #beginTurn(): void {
    this.#turn += 1;
    this.#running = false;
    this.#again = false;
    this.#inStep = false;
    this.#paused = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
