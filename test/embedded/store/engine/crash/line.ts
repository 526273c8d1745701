import { randomUUID } from 'node:crypto';
import type mongoose from 'mongoose';
import { messageOf, RawClient } from '../support/raw-client.js';
import { Binary, Long } from '../support/stores.js';

export type Answer = mongoose.mongo.Document;

/** The database that everything happens in. */
export const DATABASE = 'crash';

/** A writer's connection and session. The session outlives the connection, as a driver's does. */
export class Line {
  private client: RawClient | undefined;
  private readonly lsid = { id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), 4) };
  private number = 0;

  async connect(uri: string): Promise<void> {
    this.client = await RawClient.open(uri);
  }

  close(): void {
    this.client?.close();
  }

  /** The answer; undefined when the connection broke instead. */
  async send(command: Answer): Promise<Answer | undefined> {
    return this.client?.send(messageOf({ ...command, $db: command['$db'] ?? DATABASE }));
  }

  /** A command with the next transaction number: a retryable write. */
  numbered(command: Answer): Answer {
    return { ...command, $db: DATABASE, lsid: this.lsid, txnNumber: Long.fromNumber((this.number += 1)) };
  }

  /** The commands of a new transaction: `wrap` for its statements, the first of which starts it. */
  transaction(): { wrap: (command: Answer) => Answer; commit: Answer; abort: Answer } {
    const base = { lsid: this.lsid, txnNumber: Long.fromNumber((this.number += 1)), autocommit: false };
    let begun = false;
    const wrap = (command: Answer): Answer => {
      const start = begun ? {} : { startTransaction: true };
      begun = true;
      return { ...command, $db: DATABASE, ...base, ...start };
    };
    const end = (name: string): Answer => ({ [name]: 1, $db: 'admin', ...base });
    return { wrap, commit: end('commitTransaction'), abort: end('abortTransaction') };
  }
}
