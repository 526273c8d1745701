/** Milliseconds: how often a lasting "is typing" is repeated, and after which pause it is taken back. */
export const TYPING = { repeatEvery: 3_000, stopAfter: 4_000 } as const;

/**
 * Turns key strokes into few "is typing" signals: one at the start, one every few seconds while it lasts, and one when it
 * ends by a pause, by an emptied field or by sending.
 */
export class TypingSignal {
  private lastTold = Number.NEGATIVE_INFINITY;
  private pause: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly tell: (isTyping: boolean) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** The text has changed by hand. */
  changed(text: string): void {
    if (text.trim() === '') {
      this.stop();
      return;
    }
    if (this.now() - this.lastTold >= TYPING.repeatEvery) {
      this.lastTold = this.now();
      this.tell(true);
    }
    this.clearPause();
    this.pause = setTimeout(() => this.stop(), TYPING.stopAfter);
  }

  /** Nothing is being typed any more. Tells only if the other side believes otherwise. */
  stop(): void {
    this.clearPause();
    if (this.lastTold === Number.NEGATIVE_INFINITY) return;
    this.lastTold = Number.NEGATIVE_INFINITY;
    this.tell(false);
  }

  private clearPause(): void {
    if (this.pause !== null) clearTimeout(this.pause);
    this.pause = null;
  }
}
