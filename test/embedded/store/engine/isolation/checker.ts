/** What a transaction did to one key, which holds the list of the values appended to it. */
export type Operation =
  { kind: 'append'; key: string; value: string } | { kind: 'read'; key: string; values: readonly string[] };

/** One transaction as its client saw it. */
export interface Recorded {
  name: string;
  operations: Operation[];
  committed: boolean;
  /** Places in the order of what the clients did: before the first statement, after the last answer. */
  began: number;
  ended: number;
}

/** The lists when all was over. */
export type Final = ReadonlyMap<string, readonly string[]>;

/**
 * What breaks snapshot isolation in a history of list appends, one line each (the anomalies of Adya's "Weak Consistency",
 * found by the prefixes that reads of append-only lists show, as in Elle by Kingsbury and Alvaro). Write skew is allowed.
 */
export function anomalies(history: readonly Recorded[], final: Final): string[] {
  const owners = ownersOf(history);
  const snapshots = new Map(history.map((one) => [one, snapshotOf(one)]));
  return [
    ...lostOrInvented(history, final, owners),
    ...history.flatMap((one) => badReads(one, final)),
    ...history.flatMap((one) => fractured(one, snapshots.get(one) ?? new Map(), final, owners)),
    ...history.flatMap((one) => lostUpdates(one, snapshots.get(one) ?? new Map(), final)),
    ...history.flatMap((one) => stale(one, snapshots.get(one) ?? new Map(), history, final)),
    ...forks(history, snapshots),
  ];
}

function appendsOf(one: Recorded): Array<{ key: string; value: string }> {
  return one.operations.flatMap((operation) => (operation.kind === 'append' ? [operation] : []));
}

function ownersOf(history: readonly Recorded[]): Map<string, Recorded> {
  return new Map(history.flatMap((one) => appendsOf(one).map(({ value }) => [value, one] as const)));
}

/** Per key, how many values of others the first read showed. */
function snapshotOf(one: Recorded): Map<string, number> {
  const seen = new Map<string, number>();
  const own = new Map<string, number>();
  for (const operation of one.operations) {
    const { key } = operation;
    if (operation.kind === 'append') own.set(key, (own.get(key) ?? 0) + 1);
    else if (!seen.has(key)) seen.set(key, operation.values.length - (own.get(key) ?? 0));
  }
  return seen;
}

/** Committed values that are missing or doubled, and values that nobody committed. */
function lostOrInvented(history: readonly Recorded[], final: Final, owners: Map<string, Recorded>): string[] {
  const faults: string[] = [];
  const stored = [...final.values()].flat();
  const counts = new Map<string, number>();
  for (const value of stored) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const one of history) {
    for (const { key, value } of appendsOf(one)) {
      const there = final.get(key)?.includes(value) === true;
      if (one.committed && !there) faults.push(`lost: ${value} of ${one.name} is not in ${key}`);
      if (!one.committed && there) faults.push(`aborted: ${value} of ${one.name} is in ${key}`);
    }
  }
  for (const [value, count] of counts) {
    if (count > 1) faults.push(`doubled: ${value}`);
    if (!owners.has(value)) faults.push(`invented: ${value}`);
  }
  return faults;
}

/** Reads that show uncommitted values, another order, or not the same as the read before and the own writes. */
function badReads({ name, operations }: Recorded, final: Final): string[] {
  const faults: string[] = [];
  const own = new Map<string, string[]>();
  const before = new Map<string, string>();
  for (const operation of operations) {
    const { key } = operation;
    const mine = own.get(key) ?? [];
    if (operation.kind === 'append') {
      own.set(key, [...mine, operation.value]);
      continue;
    }
    const others = operation.values.slice(0, operation.values.length - mine.length);
    const tail = operation.values.slice(others.length);
    if (tail.join() !== mine.join()) faults.push(`own writes: ${name} reads ${tail.join()} of its own in ${key}`);
    const should = (final.get(key) ?? []).slice(0, others.length);
    if (others.join() !== should.join()) faults.push(`dirty: ${name} reads ${others.join()} in ${key}`);
    const earlier = before.get(key);
    if (earlier !== undefined && earlier !== others.join()) faults.push(`unrepeatable: ${name} reads ${key} twice`);
    before.set(key, others.join());
  }
  return faults;
}

/** A snapshot that shows one write of a transaction and not another. */
function fractured(
  one: Recorded,
  snapshot: Map<string, number>,
  final: Final,
  owners: Map<string, Recorded>,
): string[] {
  const shows = (key: string, value: string): boolean =>
    (final.get(key) ?? []).slice(0, snapshot.get(key)).includes(value);
  const faults: string[] = [];
  const seen = new Set<Recorded>();
  for (const [key, size] of snapshot) {
    for (const value of (final.get(key) ?? []).slice(0, size)) {
      const owner = owners.get(value);
      if (owner !== undefined) seen.add(owner);
    }
  }
  for (const owner of seen) {
    if (owner === one) continue;
    const missing = appendsOf(owner).find(({ key, value }) => snapshot.has(key) && !shows(key, value));
    if (missing !== undefined)
      faults.push(`fractured: ${one.name} sees ${owner.name} by half, without ${missing.value}`);
  }
  return faults;
}

/** Somebody else's value between what a transaction saw of a key and what it wrote to it. */
function lostUpdates(one: Recorded, snapshot: Map<string, number>, final: Final): string[] {
  if (!one.committed) return [];
  const first = new Map<string, string>();
  for (const { key, value } of appendsOf(one)) if (!first.has(key)) first.set(key, value);
  return [...first].flatMap(([key, value]) => {
    const size = snapshot.get(key);
    if (size === undefined || final.get(key)?.[size] === value) return [];
    return [`lost update: ${one.name} wrote ${value} to ${key} over values that it had not seen`];
  });
}

/** A snapshot without what had been acknowledged before the transaction began. */
function stale(one: Recorded, snapshot: Map<string, number>, history: readonly Recorded[], final: Final): string[] {
  const earlier = history.filter(({ committed, ended }) => committed && ended < one.began);
  return [...snapshot].flatMap(([key, size]) => {
    const seen = new Set((final.get(key) ?? []).slice(0, size));
    const missing = earlier.flatMap(appendsOf).find((append) => append.key === key && !seen.has(append.value));
    return missing === undefined ? [] : [`stale: ${one.name} does not see ${missing.value} in ${key}`];
  });
}

/** Two snapshots each of which shows something that the other does not. */
function forks(history: readonly Recorded[], snapshots: Map<Recorded, Map<string, number>>): string[] {
  const faults: string[] = [];
  history.forEach((one, at) => {
    for (const other of history.slice(at + 1)) {
      const signs = new Set<number>();
      for (const [key, size] of snapshots.get(one) ?? []) {
        const theirs = snapshots.get(other)?.get(key);
        if (theirs !== undefined && theirs !== size) signs.add(Math.sign(size - theirs));
      }
      if (signs.size > 1) faults.push(`fork: ${one.name} and ${other.name} saw the writes in different orders`);
    }
  });
  return faults;
}
