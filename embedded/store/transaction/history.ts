/**
 * Remembers which records and unique keys changed in recent commits, so that a transaction can tell whether something
 * it is about to write moved on since its snapshot. Entries older than every open snapshot are dropped.
 */
export class WriteHistory {
  private readonly newest = new Map<string, number>();
  private readonly batches: Array<{ sequence: number; names: string[] }> = [];

  record(sequence: number, names: string[]): void {
    if (names.length === 0) return;
    for (const name of names) this.newest.set(name, sequence);
    this.batches.push({ sequence, names });
  }

  changedSince(name: string, sequence: number): boolean {
    return (this.newest.get(name) ?? 0) > sequence;
  }

  /** Forgets what every open snapshot already shows: commits up to `sequence`. */
  prune(sequence: number): void {
    let done = 0;
    for (const batch of this.batches) {
      if (batch.sequence > sequence) break;
      for (const name of batch.names) if (this.newest.get(name) === batch.sequence) this.newest.delete(name);
      done += 1;
    }
    this.batches.splice(0, done);
  }
}
