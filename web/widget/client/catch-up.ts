import { applySync, cursorOf, forgetConversation, type Thread } from '../core/thread.js';
import type { Ack } from '../../../src/shared/schemas/error.js';
import type { CustomerSync } from '../../../src/shared/schemas/sync.js';

/** What catch-up works on: the thread as it is now, and the server's `sync`. */
export interface CatchUpOptions {
  getThread: () => Thread;
  setThread: (thread: Thread) => void;
  /** Ids of earlier conversations of this visitor, oldest first. */
  history: () => readonly string[];
  /** A conversation is not shown to this visitor any more. */
  onGone: (conversationId: string) => void;
  ask: (input: { conversationId: string | null; rev: number }) => Promise<Ack<CustomerSync>>;
}

const GONE = new Set(['NOT_FOUND', 'FORBIDDEN']);

/** Brings the thread up to date, page by page (PROTOCOLS 4). One run at a time; a call during one makes it run again. */
export class CatchUp {
  private running: Promise<void> | null = null;
  private again = false;
  private againFresh = false;

  constructor(private readonly options: CatchUpOptions) {}

  /**
   * Asks what has changed. `fresh` reads everything once more, for new signed addresses. Rejects when the connection
   * breaks; what has arrived until then is kept, and the next run goes on from there.
   */
  run({ fresh = false } = {}): Promise<void> {
    if (this.running !== null) {
      this.again = true;
      this.againFresh ||= fresh;
      return this.running;
    }
    this.running = this.repeat(fresh).finally(() => (this.running = null));
    return this.running;
  }

  private async repeat(fresh: boolean): Promise<void> {
    this.again = false;
    await this.once(fresh);
    while (this.again) {
      const nextFresh = this.againFresh;
      this.again = false;
      this.againFresh = false;
      await this.once(nextFresh);
    }
  }

  private async once(fresh: boolean): Promise<void> {
    const { getThread } = this.options;
    const currentId = getThread().currentId;
    if (currentId !== null) await this.pages(currentId, { fresh });
    // A closed conversation may have been followed by another, begun in another tab or on another device.
    const current = getThread().currentId;
    const status = current === null ? 'closed' : getThread().conversations[current]?.conversation.status;
    if (status === undefined || status === 'closed') await this.pages(null, { fresh, current: true });
    await this.earlier(fresh);
  }

  /** Reads conversations before the current one, newest first; once is enough, they do not change any more. */
  private async earlier(fresh: boolean): Promise<void> {
    for (const id of [...this.options.history()].reverse()) {
      const thread = this.options.getThread();
      const known = thread.conversations[id];
      if (id === thread.currentId || (known !== undefined && known.cursor > 0 && !fresh)) continue;
      await this.pages(id, { fresh, current: false });
    }
  }

  private async pages(conversationId: string | null, how: { fresh: boolean; current?: boolean }): Promise<void> {
    const { getThread, setThread, ask } = this.options;
    let id = conversationId;
    let rev = how.fresh ? 0 : cursorOf(getThread(), id);
    for (;;) {
      const ack = await ask({ conversationId: id, rev });
      if (!ack.ok) {
        if (id === null || !GONE.has(ack.error.code)) return;
        setThread(forgetConversation(getThread(), id));
        this.options.onGone(id);
        return;
      }
      const answer = ack.data;
      const current = how.current === undefined ? {} : { current: how.current };
      setThread(applySync(getThread(), answer, { acceptEqual: how.fresh, ...current }));
      if (!answer.more || answer.rev <= rev || answer.conversation === null) return;
      id = answer.conversation.id;
      rev = answer.rev;
    }
  }
}
