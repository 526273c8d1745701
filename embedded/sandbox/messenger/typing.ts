/** A typing mark lapses by itself after so many milliseconds (MESSENGER 4, `sender_action`). */
export const TYPING_LAPSE_MS = 20_000;

/** Who is typing in which thread; only in memory, as it lapses anyway. */
export class TypingMarks {
  private readonly until = new Map<string, number>();

  set(personId: string, on: boolean, now: number): void {
    if (on) this.until.set(personId, now + TYPING_LAPSE_MS);
    else this.until.delete(personId);
  }

  /** When the mark of a thread lapses; null: nobody types. */
  lapsesAt(personId: string, now: number): number | null {
    const until = this.until.get(personId);
    return until === undefined || until <= now ? null : until;
  }

  clear(): void {
    this.until.clear();
  }
}
