import type { KeyValueStore } from '../logic/drafts.js';
import { Store } from './store.js';

/** What a reader has chosen for themself in this browser. */
export interface PreferenceValues {
  /** Whether single letters and signs are keys; those with Ctrl, ⌘ or Alt always are. */
  letterKeys: boolean;
}

const DEFAULTS: PreferenceValues = { letterKeys: true };

/** Keeps a reader's preferences in the browser. A full or forbidden storage keeps them until the page is left. */
export class Preferences {
  readonly values: Store<PreferenceValues>;
  readonly #storage: KeyValueStore;
  readonly #key: string;

  constructor(storage: KeyValueStore, readerId: string) {
    this.#storage = storage;
    this.#key = `switchboard.preferences.${readerId}`;
    this.values = new Store(this.#read());
  }

  set(changes: Partial<PreferenceValues>): void {
    const values = { ...this.values.get(), ...changes };
    this.values.set(values);
    try {
      this.#storage.setItem(this.#key, JSON.stringify(values));
    } catch {
      // The choice holds for this page.
    }
  }

  #read(): PreferenceValues {
    try {
      const stored = JSON.parse(this.#storage.getItem(this.#key) ?? '{}') as Partial<PreferenceValues> | null;
      return { letterKeys: stored?.letterKeys !== false };
    } catch {
      return DEFAULTS;
    }
  }
}
