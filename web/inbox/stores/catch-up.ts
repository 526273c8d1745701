import { TIMING } from '../../../src/shared/limits.js';
import type { ListView } from '../../../src/shared/schemas/view.js';
import { viewKey } from '../logic/view.js';
import { Store, type Schedule } from './store.js';
import { SyncTarget } from './sync-target.js';

/**
 * `up_to_date` is said only while the socket is connected and, since it connected, a catch-up of all that is on screen
 * has been answered.
 */
export type LiveStatus = 'offline' | 'catching_up' | 'up_to_date';

export interface CatchUpPorts {
  /** Asks and applies. False: there is nothing to catch up with yet (not loaded). Rejects when nobody answered. */
  syncList(view: ListView): Promise<boolean>;
  syncThread(conversationId: string): Promise<boolean>;
  schedule: Schedule;
}

/** A lost connection that is back within this time (a renewed token) is not worth calling offline. */
const OFFLINE_AFTER_MS = 2_000;

/** Decides when to ask what was missed: on connect, every 25 s, and when told (PROTOCOLS 4). */
export class CatchUp {
  readonly status = new Store<LiveStatus>('catching_up');
  readonly #list: SyncTarget<ListView>;
  readonly #thread: SyncTarget<string>;
  readonly #schedule: Schedule;
  #connected = false;
  /** A lost connection has been told of and is not back yet. */
  #lost = false;
  #offline = false;
  #cancelTimer = (): void => undefined;

  constructor(ports: CatchUpPorts) {
    const changed = (): void => this.#updateStatus();
    this.#schedule = ports.schedule;
    this.#list = new SyncTarget(ports.syncList, viewKey, changed, ports.schedule);
    this.#thread = new SyncTarget(ports.syncThread, (id) => id, changed, ports.schedule);
  }

  connected(): void {
    this.#connected = true;
    this.#lost = false;
    this.#offline = false;
    this.#list.start();
    this.#thread.start();
    this.#repeat();
    this.#updateStatus();
  }

  /** `certain`: the browser itself says that there is no network. */
  disconnected(certain = false): void {
    // Every failed attempt says so again; only the first one starts the time that must pass.
    if (this.#lost && !certain) return;
    this.#cancelTimer();
    this.#connected = false;
    this.#lost = true;
    this.#list.stop();
    this.#thread.stop();
    if (certain) this.#offline = true;
    else this.#cancelTimer = this.#schedule(() => this.#goOffline(), OFFLINE_AFTER_MS);
    this.#updateStatus();
  }

  watchList(view: ListView | null): void {
    this.#list.watch(view);
  }

  watchThread(conversationId: string | null): void {
    this.#thread.watch(conversationId);
  }

  /** What was on hand has been thrown away: nothing said before counts any more. */
  restart(): void {
    if (!this.#connected) return;
    this.#list.start();
    this.#thread.start();
    this.#updateStatus();
  }

  /** The watched list has been loaded. */
  listLoaded(): void {
    this.#list.loaded();
  }

  /** The watched thread has been loaded. */
  threadLoaded(): void {
    this.#thread.loaded();
  }

  /** Something happened that the list on screen cannot know: ask soon. */
  tellList(): void {
    this.#list.askSoon();
  }

  /** Asks about the thread on screen now. */
  tellThread(): void {
    this.#thread.ask();
  }

  stop(): void {
    this.#cancelTimer();
    this.#connected = false;
    this.#lost = false;
    this.#list.stop();
    this.#thread.stop();
  }

  #repeat(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#schedule(() => {
      this.#list.ask();
      this.#thread.ask();
      this.#repeat();
    }, TIMING.catchUpEvery);
  }

  #goOffline(): void {
    this.#offline = true;
    this.#updateStatus();
  }

  #updateStatus(): void {
    if (!this.#connected) this.status.set(this.#offline ? 'offline' : 'catching_up');
    else this.status.set(this.#list.fresh && this.#thread.fresh ? 'up_to_date' : 'catching_up');
  }
}
