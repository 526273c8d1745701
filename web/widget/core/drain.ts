import type { Outbox, OutboxEntry } from './outbox.js';

/** Not known or not possible now, the same entry has to be tried again. `asked`: the server wants this wait, so nothing shortens it. */
export interface Later {
  kind: 'later';
  waitMs: number;
  asked?: true;
}

/** How one attempt to send ended. */
export type SendOutcome = { kind: 'stored' } | { kind: 'refused'; reason: string } | Later;

/** How a drain ended: nothing left, or wait so many milliseconds before the next one. */
export type DrainResult = { kind: 'empty' } | Later;

/**
 * Sends the outbox one after the other, each only after the last was confirmed, so that the order of writing is the order
 * of arrival (PROTOCOLS 3). An entry that must be tried later holds back those behind it; a refused one does not.
 */
export async function drain(outbox: Outbox, send: (entry: OutboxEntry) => Promise<SendOutcome>): Promise<DrainResult> {
  for (;;) {
    const entry = outbox.next();
    if (entry === null) return { kind: 'empty' };
    const outcome = await send(entry);
    if (outcome.kind === 'later') return outcome;
    if (outcome.kind === 'stored') outbox.remove(entry.clientMessageId);
    else outbox.fail(entry.clientMessageId, outcome.reason);
  }
}

/** Runs `work` in at most one tab of this browser at a time. */
export type SenderLock = (work: () => Promise<void>) => Promise<void>;

interface SenderOptions {
  outbox: Outbox;
  lock: SenderLock;
  send: (entry: OutboxEntry) => Promise<SendOutcome>;
  /** Whether this tab could send just now; the lock is not even asked for otherwise. */
  ready: () => boolean;
  /** Told after every drain, since entries have moved. */
  onChange: () => void;
}

/** Drains the outbox whenever it is woken, never twice at once in this tab, and again after a wait where that is due. */
export class Sender {
  private running = false;
  private wokenMeanwhile = false;
  private stopped = false;
  /** The server asked for the wait that is under way. */
  private paused = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: SenderOptions) {}

  /** Says that there may be something to send. Cheap, may be called at any time. */
  wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.wokenMeanwhile = true;
      return;
    }
    if (this.paused || !this.options.ready() || this.options.outbox.next() === null) return;
    this.clearTimer();
    this.running = true;
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.clearTimer();
  }

  private async run(): Promise<void> {
    let result: DrainResult = { kind: 'empty' };
    this.wokenMeanwhile = false;
    try {
      await this.options.lock(async () => {
        result = await drain(this.options.outbox, (entry) => this.attempt(entry));
      });
    } finally {
      this.running = false;
    }
    this.options.onChange();
    this.plan(result);
  }

  private async attempt(entry: OutboxEntry): Promise<SendOutcome> {
    if (this.stopped || !this.options.ready()) return { kind: 'later', waitMs: 0 };
    return this.options.send(entry);
  }

  /** Nobody wakes us when a wait is over, so we do it ourselves; being ready again wakes us anyway. */
  private plan(result: DrainResult): void {
    if (this.stopped) return;
    if (result.kind === 'later' && result.waitMs > 0) {
      this.paused = result.asked === true;
      this.timer = setTimeout(() => {
        this.paused = false;
        this.wake();
      }, result.waitMs);
    } else if (this.wokenMeanwhile) {
      this.wake();
    }
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
