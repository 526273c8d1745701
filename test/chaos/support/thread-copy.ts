import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';

/** What a catch-up is answered with, on either side. */
interface Changes {
  messages: CustomerMessageLike[];
  rev: number;
  more: boolean;
}

export type CustomerMessageLike = Pick<
  CustomerMessageDto,
  'id' | 'rev' | 'orderAt' | 'tieKey' | 'text' | 'removed' | 'conversationId'
>;

/** A client's copy of one thread, kept as PROTOCOLS 4 says: messages by higher rev; only catch-up moves the cursor. */
export class ThreadCopy {
  readonly #messages = new Map<string, CustomerMessageLike>();
  #cursor = 0;
  /** Messages that were first heard of live, and not by catching up. */
  heardLive = 0;

  /** Applies a live event. */
  hear(message: CustomerMessageLike): void {
    if (!this.#messages.has(message.id)) this.heardLive += 1;
    this.#apply(message);
  }

  /** Asks what changed until nothing more did. */
  async catchUp(ask: (rev: number) => Promise<Changes>): Promise<void> {
    for (let more = true; more;) {
      const changes = await ask(this.#cursor);
      for (const message of changes.messages) this.#apply(message);
      this.#cursor = Math.max(this.#cursor, changes.rev);
      more = changes.more;
    }
  }

  /** What its reader sees, in reading order. */
  shown(): CustomerMessageLike[] {
    return [...this.#messages.values()]
      .filter((message) => !message.removed)
      .sort((one, other) => one.orderAt - other.orderAt || (one.tieKey < other.tieKey ? -1 : 1));
  }

  #apply(message: CustomerMessageLike): void {
    const known = this.#messages.get(message.id);
    if (known === undefined || known.rev < message.rev) this.#messages.set(message.id, message);
  }
}
