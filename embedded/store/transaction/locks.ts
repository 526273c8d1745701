import { StoreError } from '../values/index.js';

/** Whoever can hold locks; `ended` resolves when it has released them. */
export interface LockOwner {
  readonly ended: Promise<void>;
}

/** A write outside transactions met a lock; it is to be repeated when `owner` has ended. */
export class LockedError extends Error {
  constructor(readonly owner: LockOwner) {
    super('locked by a transaction');
  }
}

/** The error a transaction gets when another one wrote, or is writing, what it wants to write. */
export function writeConflict(): StoreError {
  return new StoreError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    {
      labels: ['TransientTransactionError'],
    },
  );
}

/** Locks of open transactions on records and unique keys. */
export class LockTable {
  private readonly owners = new Map<string, LockOwner>();
  private readonly held = new Map<LockOwner, Set<string>>();

  /** Throws {@link LockedError} when somebody holds `name`. */
  requireFree(name: string): void {
    const owner = this.owners.get(name);
    if (owner !== undefined) throw new LockedError(owner);
  }

  /** Takes the lock, or throws a write conflict when another transaction has it. */
  acquire(name: string, owner: LockOwner): void {
    const current = this.owners.get(name);
    if (current === owner) return;
    if (current !== undefined) throw writeConflict();
    this.owners.set(name, owner);
    const names = this.held.get(owner);
    if (names === undefined) this.held.set(owner, new Set([name]));
    else names.add(name);
  }

  releaseAll(owner: LockOwner): void {
    for (const name of this.held.get(owner) ?? []) this.owners.delete(name);
    this.held.delete(owner);
  }
}
