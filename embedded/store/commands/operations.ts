import { performance } from 'node:perf_hooks';
import type { Connection } from '../wire/connection.js';
import type { Arguments } from './arguments.js';
import { clientGone, killedByCommand, type Pace } from './pace.js';

/** What there is to know of a running command. */
export interface RunningCommand {
  readonly connection: Connection;
  readonly database: string;
  readonly name: string;
  readonly body: Arguments;
  readonly pace: Pace;
}

/** A command from its arrival to its answer. */
export interface Operation {
  readonly id: number;
  /** It ends when its client has gone. */
  readonly endsWithClient: boolean;
  readonly context: RunningCommand;
  /** Length of the command, in bytes. */
  readonly bytes: number;
  /** Time of arrival, on the clock of `performance.now()`. */
  readonly since: number;
}

/** Numbers of operations have 32 bits, as in MongoDB. */
export const MAX_OPERATION_ID = 2 ** 31 - 1;

/** The commands that are running or waiting. */
export class Operations {
  private readonly running = new Map<number, Operation>();
  private lastId = 0;

  /** Notes a command; `end` must follow. Throws when its client has gone and nobody needs it. */
  begin(context: RunningCommand, bytes: number, endsWithClient = false): number {
    if (endsWithClient && context.connection.closed) throw clientGone();
    this.lastId = this.lastId === MAX_OPERATION_ID ? 1 : this.lastId + 1;
    this.running.set(this.lastId, { id: this.lastId, endsWithClient, context, bytes, since: performance.now() });
    return this.lastId;
  }

  end(id: number): void {
    this.running.delete(id);
  }

  /** Ends the commands of a closed connection that change nothing; what changes data is brought to its end. */
  clientGone(connection: Connection): void {
    for (const { endsWithClient, context } of this.running.values()) {
      if (endsWithClient && context.connection === connection) context.pace.interrupt(clientGone());
    }
  }

  /** Ends a command as soon as it looks; an unknown number is no error. */
  kill(id: number): void {
    this.running.get(id)?.context.pace.interrupt(killedByCommand());
  }

  [Symbol.iterator](): Iterator<Operation> {
    return this.running.values();
  }
}
