import type { Collection } from '../storage/catalog.js';
import type { Store } from '../storage/store.js';
import type { ClientTransaction } from '../transaction/client-transaction.js';
import type { ReadView } from '../transaction/read-view.js';
import type { Session, Sessions } from '../transaction/sessions.js';
import { StoreError, type Doc } from '../values/index.js';
import type { Connection } from '../wire/connection.js';
import type { Arguments } from './arguments.js';
import type { Credentials } from './credentials.js';
import type { CursorTable } from './cursor-table.js';
import type { Operations } from './operations.js';
import type { Pace } from './pace.js';

/** What lives as long as the server. */
export interface Server {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly cursors: CursorTable;
  readonly operations: Operations;
  readonly startedAt: Date;
  /** `host:port` that clients reach this server by, as `hello` tells it. */
  address: string;
  /** Of the one user, when log-in is required. */
  readonly credentials: Credentials | undefined;
  /** Connections open now. */
  connections(): number;
}

/** One command being run. */
export interface CommandContext {
  readonly server: Server;
  readonly connection: Connection;
  readonly database: string;
  readonly name: string;
  readonly body: Arguments;
  /** Document sequences as raw BSON. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  readonly pace: Pace;
  /** Set for commands with a transaction number. */
  readonly session: Session | undefined;
  /** Set inside a transaction. */
  readonly transaction: ClientTransaction | undefined;
  /** Makes the transaction end with this command, which still answers. */
  failTransaction(): void;
  /** Set for a retryable write. */
  readonly retryNumber: bigint | undefined;
}

/** What a command answers: fields of the answer without `ok`, or the whole answer as BSON. */
export type CommandResult = Doc | Buffer;

/** One command of the protocol. */
export interface Command {
  /** Fields it takes beside the common ones; `any` where they are names of the client's choice. */
  readonly fields: readonly string[] | 'any';
  /** Allowed inside a transaction. */
  readonly inTransaction?: boolean;
  /** Only on the database `admin`. */
  readonly adminOnly?: boolean;
  /** Allowed before log-in. */
  readonly beforeLogin?: boolean;
  /** Changes nothing, so that it ends when its client has gone. */
  readonly endsWithClient?: boolean;
  run(context: CommandContext): CommandResult | Promise<CommandResult>;
}

/** The state that a command reads. */
export function viewOf(context: CommandContext): ReadView {
  return context.transaction?.view ?? context.server.store.newest;
}

/** The collection a command names as its first field; undefined when it does not exist. */
export function targetCollection(context: CommandContext): Collection | undefined {
  return findCollection(context, targetName(context));
}

/** A collection of the command's database, as its transaction sees it. */
export function findCollection(
  { server, database, transaction }: CommandContext,
  name: string,
): Collection | undefined {
  const created = transaction?.created.get(`${database}.${name}`);
  if (created !== undefined) return created;
  const collection = server.store.catalog.find(database, name);
  if (collection !== undefined) transaction?.collections.add(collection);
  return collection;
}

/** The collection name in a command's first field. */
export function targetName(context: CommandContext): string {
  const value = context.body.doc.values[0];
  if (typeof value !== 'string') {
    throw new StoreError(73, `collection name has invalid type: '${context.name}' needs a string`);
  }
  if (value === '' || value.includes('\0'))
    throw new StoreError(73, `Invalid namespace specified '${context.database}.${value}'`);
  return value;
}
