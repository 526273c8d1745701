import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import { ReceiptLog } from '../core/receipts.js';
import type { Connection } from './connection.js';

interface ReceiptTellerOptions {
  connection: Connection;
  /** The conversation to speak of, its messages, and how far the visitor has read; null: none. */
  now: () => { conversationId: string; messages: readonly CustomerMessageDto[]; readUpTo: number } | null;
}

/** Tells the server what arrived and what was read: one call at a time, until it knows everything. */
export class ReceiptTeller {
  private log = new ReceiptLog();
  private underWay = false;

  constructor(private readonly options: ReceiptTellerOptions) {}

  /** The visitor is somebody else: what was told of the last one counts no more. */
  reset(): void {
    this.log = new ReceiptLog();
  }

  /** Tells what is due. Never rejects: what could not be told stays due for the next call. */
  async flush(): Promise<void> {
    const { connection } = this.options;
    if (this.underWay || !connection.connected) return;
    this.underWay = true;
    try {
      for (let due = this.due(); due !== null; due = this.due()) {
        const ack = await connection.ask('receipt', due);
        if (!ack.ok) return;
        this.log.confirm(due);
      }
    } catch {
      return; // No answer: the next connection tells it again.
    } finally {
      this.underWay = false;
    }
  }

  private due(): ReturnType<ReceiptLog['due']> {
    const now = this.options.now();
    return now === null ? null : this.log.due(now.conversationId, now.messages, now.readUpTo);
  }
}
