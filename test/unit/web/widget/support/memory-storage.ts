import type { StorageLike } from '../../../../../web/widget/core/storage.js';

/** A browser's `Storage` in memory; `full` makes every write throw, as a browser does at its quota. */
export class MemoryStorage implements StorageLike {
  full = false;
  private readonly items = new Map<string, string>();

  get length(): number {
    return this.items.size;
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new Error('quota exceeded');
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}
