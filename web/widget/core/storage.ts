/** The part of a web `Storage` that the widget uses; values are strings. */
export interface KeyValueStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** All keys that begin with `prefix`. */
  keys(prefix: string): string[];
}

/** The subset of the browser's `Storage` needed here, so that tests and old browsers can bring their own. */
export interface StorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Wraps a browser storage that may be missing, blocked or full: what cannot be written is kept in memory for this page,
 * so that a chat still works where storage is forbidden.
 */
export function createStore(storage: StorageLike | null): KeyValueStore {
  const memory = new Map<string, string>();
  const attempt = <T>(action: (available: StorageLike) => T, otherwise: T): T => {
    if (storage === null) return otherwise;
    try {
      return action(storage);
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => memory.get(key) ?? attempt((available) => available.getItem(key), null),
    set: (key, value) => {
      const written = attempt((available) => {
        available.setItem(key, value);
        return true;
      }, false);
      if (written) memory.delete(key);
      else memory.set(key, value);
    },
    remove: (key) => {
      memory.delete(key);
      attempt((available) => available.removeItem(key), undefined);
    },
    keys: (prefix) => {
      const stored = attempt((available) => {
        return Array.from({ length: available.length }, (_, index) => available.key(index) ?? '');
      }, []);
      return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(prefix));
    },
  };
}

/** What the loader needs of the names below: what they begin with, and how they go on. */
export const storageBase = (inboxKey: string): string => `switchboard:${inboxKey}:`;
export const [TOKEN, HISTORY, OUTBOX] = ['token', 'history', 'out:'] as const;

/** Names of what the widget keeps per inbox key. */
export const storageKeys = (inboxKey: string) => {
  const base = storageBase(inboxKey);
  return {
    base,
    token: base + TOKEN,
    /** JSON `{contactId, ids}`: the conversations of this visitor, oldest first. */
    history: base + HISTORY,
    /** `orderAt` of the last message of ours that the visitor has read. */
    read: `${base}read`,
    /** One key per waiting message, so that tabs never overwrite each other's list. */
    outbox: base + OUTBOX,
    draft: `${base}draft`,
    lock: `${base}sender`,
  };
};
