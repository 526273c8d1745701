import { strokeName, type KeyName, type Stroke } from '../logic/keys.js';
import type { CommandRegistry, KeyPlace, Runnable } from './command-registry.js';

/** The second of two strokes has to follow within this time. */
const TOGETHER_MS = 1_200;

/** Finds the command of each stroke; remembers the first of two. */
export class KeyStrokes {
  readonly #registry: CommandRegistry;
  readonly #now: () => number;
  #first: { key: KeyName; at: number } | null = null;

  constructor(registry: CommandRegistry, now: () => number) {
    this.#registry = registry;
    this.#now = now;
  }

  /** What a stroke asks for; `prefix`: another stroke has to follow; null: nothing of ours. */
  strike(stroke: Stroke, place: KeyPlace, characters: boolean): Runnable | 'prefix' | null {
    // Held alone they are no stroke yet.
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(stroke.key)) return null;
    const first = this.#first;
    this.#first = null;
    const key = strokeName(stroke);
    if (first !== null && this.#now() - first.at <= TOGETHER_MS) {
      const both = this.#registry.byKey(`${first.key} ${key}`, place, characters);
      if (both !== null) return both;
    }
    const found = this.#registry.byKey(key, place, characters);
    if (found === 'prefix') this.#first = { key, at: this.#now() };
    return found;
  }
}
