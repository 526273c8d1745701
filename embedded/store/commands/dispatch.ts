import { DuplicateKeyError } from '../storage/records.js';
import { storageFailure } from '../storage/store.js';
import type { ClientTransaction } from '../transaction/client-transaction.js';
import { noSuchTransaction, type Session } from '../transaction/sessions.js';
import { decodeDoc, Doc, Double, encodeDoc, StoreError } from '../values/index.js';
import type { Connection } from '../wire/connection.js';
import type { Request } from '../wire/message.js';
import { withTimes } from '../wire/raw-bson.js';
import { Arguments, requireKnownFields } from './arguments.js';
import { hearClusterTime } from './cluster-time.js';
import { checkConcerns } from './concerns.js';
import type { Command, CommandContext, CommandResult, Server } from './context.js';
import { lsidKey } from './find.js';
import { Pace } from './pace.js';
import { COMMANDS, REFUSED_COMMANDS } from './registry.js';

/** Commands that may carry a transaction number outside transactions. */
const RETRYABLE = new Set(['insert', 'update', 'delete', 'findAndModify', 'findandmodify']);
const TRANSACTION_END = new Set(['commitTransaction', 'abortTransaction']);
/** Databases that transactions may not touch ("Transactions and Operations" in the manual). */
const SYSTEM_DATABASES = new Set(['admin', 'config', 'local']);
/** Commands that a transaction may begin with. */
const TRANSACTION_START = new Set([
  'find',
  'aggregate',
  'distinct',
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
]);

/** Answers one request. Never rejects: failures become answers with `ok: 0`. */
export async function answer(server: Server, request: Request, connection: Connection): Promise<Uint8Array> {
  const reply = await plainAnswer(server, request, connection);
  return isTrusted(server, connection) ? withTimes(reply, server.store.clock.time) : reply;
}

async function plainAnswer(server: Server, request: Request, connection: Connection): Promise<Uint8Array> {
  try {
    const result = await runRequest(server, request, connection);
    if (Buffer.isBuffer(result)) return result;
    return encodeDoc(withOk(result));
  } catch (error) {
    return encodeDoc(errorReply(error));
  }
}

/** Logged in, where that is required. */
function isTrusted({ credentials }: Server, connection: Connection): boolean {
  return credentials === undefined || connection.authenticated;
}

function withOk(result: Doc): Doc {
  result.append('ok', new Double(1));
  return result;
}

async function runRequest(server: Server, request: Request, connection: Connection): Promise<CommandResult> {
  const doc = decodeDoc(request.body);
  const name = doc.keys[0] ?? '';
  const command = COMMANDS.get(name);
  if (command === undefined) throw unknownCommand(name);
  const body = new Arguments(name, doc);
  if (request.kind === 'query' && command.beforeLogin !== true) {
    throw new StoreError(352, `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`, {
      codeName: 'UnsupportedOpQueryCommand',
    });
  }
  if (command.fields !== 'any') requireKnownFields(name, doc, command.fields, true);
  const trusted = isTrusted(server, connection);
  if (!trusted && command.beforeLogin !== true) {
    throw new StoreError(13, `Command ${name} requires authentication`, { codeName: 'Unauthorized' });
  }
  if (trusted) hearClusterTime(body, server.store.clock);
  checkConcerns(body, name, server.store.clock);
  const database = body.string('$db') ?? 'admin';
  if (command.adminOnly === true && database !== 'admin') {
    throw new StoreError(13, `${name} may only be run against the admin database.`, { codeName: 'Unauthorized' });
  }
  const plain: CommandContext = {
    server,
    connection,
    database,
    name,
    body,
    sequences: request.sequences,
    pace: new Pace(body.count('maxTimeMS') ?? 0),
    session: undefined,
    transaction: undefined,
    retryNumber: undefined,
    failTransaction: noTransaction,
  };
  const operation = server.operations.begin(plain, request.body.length, command.endsWithClient);
  try {
    return await runCommand(command, plain);
  } finally {
    server.operations.end(operation);
  }
}

async function runCommand(command: Command, plain: CommandContext): Promise<CommandResult> {
  const { server, body } = plain;
  const number = body.get('txnNumber');
  if (number === undefined) {
    refuseOrphanFields(body);
    return command.run(plain);
  }
  const key = lsidKey(body);
  if (key === undefined) throw new StoreError(72, 'Transaction number requires a session ID to also be specified');
  const session = server.sessions.of(key);
  return server.sessions.inOrder(session, () => {
    plain.pace.check();
    return runNumbered(command, plain, session, BigInt(number as bigint | number));
  });
}

function noTransaction(): void {
  // There is none to fail.
}

function unknownCommand(name: string): StoreError {
  if (REFUSED_COMMANDS.has(name))
    return new StoreError(115, `The command '${name}' is not supported by this store`, {
      codeName: 'CommandNotSupported',
    });
  return new StoreError(59, `no such command: '${name}'`, { codeName: 'CommandNotFound' });
}

function refuseOrphanFields(body: Arguments): void {
  for (const field of ['autocommit', 'startTransaction']) {
    if (body.get(field) !== undefined)
      throw new StoreError(72, `'${field}' field requires a transaction number to also be specified`);
  }
}

/** Runs a command with a transaction number: a retryable write, or a statement of a transaction. */
async function runNumbered(
  command: Command,
  plain: CommandContext,
  session: Session,
  number: bigint,
): Promise<CommandResult> {
  const { server, body, name } = plain;
  if (body.get('autocommit') === undefined) {
    refuseOrphanFields(body);
    if (!RETRYABLE.has(name))
      throw new StoreError(
        50768,
        `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${name} is not a retryable write command.`,
      );
    if (session.number === number && session.isTransaction) {
      throw new StoreError(72, 'Must specify autocommit=false on all operations of a multi-statement transaction.');
    }
    server.sessions.retryable(session, number);
    return command.run({ ...plain, session, retryNumber: number });
  }
  if (body.boolean('autocommit') === true)
    throw new StoreError(72, "'autocommit' must be false for multi-document transactions");
  if (command.inTransaction !== true) throw notInTransaction(`Cannot run '${name}' in a multi-document transaction.`);
  if (SYSTEM_DATABASES.has(plain.database) && !TRANSACTION_END.has(name)) {
    throw notInTransaction(`Cannot run command against the '${plain.database}' database in a transaction.`);
  }
  return runInTransaction(command, plain, session, number);
}

function notInTransaction(message: string): StoreError {
  return new StoreError(263, message, { codeName: 'OperationNotSupportedInTransaction' });
}

async function runInTransaction(
  command: Command,
  plain: CommandContext,
  session: Session,
  number: bigint,
): Promise<CommandResult> {
  const { server, name } = plain;
  if (TRANSACTION_END.has(name)) {
    const transaction = session.open?.transaction;
    return command.run({ ...plain, session, transaction });
  }
  const transaction = enterTransaction(plain, session, number);
  let failed = false;
  const fail = (): void => {
    failed = true;
    if (session.open?.transaction === transaction) server.sessions.close(session);
  };
  try {
    const result = await command.run({ ...plain, session, transaction, failTransaction: fail });
    if (failed || !transaction.isOver) return result;
  } catch (error) {
    if (failed || !transaction.isOver) {
      fail();
      throw error;
    }
  }
  // Its lifetime or somebody else ended it during this statement.
  server.cursors.killOwned({ transaction });
  throw noSuchTransaction(number);
}

/** Starts the transaction or finds the running one; throws for a statement that has no place there. */
function enterTransaction({ server, body, name }: CommandContext, session: Session, number: bigint): ClientTransaction {
  const starts = body.boolean('startTransaction');
  if (starts === true) {
    if (TRANSACTION_START.has(name)) return startTransaction(server, session, number);
    throw notInTransaction(`Cannot run '${name}' as the first operation in a multi-document transaction.`);
  }
  if (starts === false) throw new StoreError(72, 'Specifying startTransaction=false is not allowed.');
  if (body.get('readConcern') !== undefined) {
    throw new StoreError(72, 'Only the first command in a transaction may specify a readConcern');
  }
  if (session.number === number && session.committed) {
    throw new StoreError(256, `Transaction ${number} has been committed.`, { codeName: 'TransactionCommitted' });
  }
  return server.sessions.current(session, number);
}

/** Opens a transaction whose cursors are closed when it ends, by whatever it ends. */
function startTransaction(server: Server, session: Session, number: bigint): ClientTransaction {
  const transaction = server.sessions.start(session, number);
  void transaction.ended.then(() => server.cursors.killOwned({ transaction }));
  return transaction;
}

/** The answer for a failure. Unknown errors are reported without their stack. */
export function errorReply(error: unknown): Doc {
  const known = error instanceof StoreError ? error : storageFailure(error);
  const doc = new Doc(['ok', 'errmsg', 'code', 'codeName'], [new Double(0), known.message, known.code, known.codeName]);
  if (known.labels.length > 0) doc.append('errorLabels', [...known.labels]);
  if (known instanceof DuplicateKeyError) {
    doc.append('keyPattern', known.keyPattern);
    doc.append('keyValue', known.keyValue);
  }
  return doc;
}
