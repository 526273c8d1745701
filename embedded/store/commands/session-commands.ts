import { randomUUID } from 'node:crypto';
import { SESSION_TIMEOUT_MINUTES } from '../transaction/sessions.js';
import { Binary, Doc, StoreError } from '../values/index.js';
import type { Command, CommandContext } from './context.js';
import { sessionKey } from './find.js';

function transactionNumber(context: CommandContext): bigint {
  const number = context.body.get('txnNumber');
  if (typeof number !== 'bigint' && typeof number !== 'number') throw outsideTransaction(context);
  return BigInt(number);
}

function outsideTransaction({ name }: CommandContext): StoreError {
  return new StoreError(125, `${name} must be run within a transaction`, { codeName: 'CommandFailed' });
}

/** `commitTransaction`; may be sent again when its answer was lost. */
export const commitTransaction: Command = {
  adminOnly: true,
  fields: ['commitTransaction', 'recoveryToken'],
  inTransaction: true,
  async run(context) {
    const number = transactionNumber(context);
    const { session, server, transaction } = context;
    if (session === undefined) throw outsideTransaction(context);
    await server.sessions.commit(session, number);
    if (transaction !== undefined) server.cursors.killOwned({ transaction });
    return new Doc();
  },
};

/** `abortTransaction`. */
export const abortTransaction: Command = {
  adminOnly: true,
  fields: ['abortTransaction', 'recoveryToken'],
  inTransaction: true,
  run(context) {
    const number = transactionNumber(context);
    const { session, server, transaction } = context;
    if (session === undefined) throw outsideTransaction(context);
    server.sessions.abort(session, number);
    if (transaction !== undefined) server.cursors.killOwned({ transaction });
    return new Doc();
  },
};

function endListed(field: string): Command {
  return {
    fields: [field],
    run({ body, server }) {
      for (const lsid of body.documents(field) ?? []) {
        const key = sessionKey(lsid);
        server.sessions.end(key);
        server.cursors.killOwned({ session: key.toString('latin1') });
      }
      return new Doc();
    },
  };
}

/** `endSessions` and `killSessions`: what the sessions have open is closed. */
export const endSessions = endListed('endSessions');
export const killSessions = endListed('killSessions');

/** `killAllSessions`: ends every open transaction, whoever it belongs to. */
export const killAllSessions: Command = {
  fields: ['killAllSessions'],
  run({ body, server }) {
    if ((body.array('killAllSessions') ?? []).length > 0) {
      throw new StoreError(238, 'killAllSessions of one user is not supported by this store');
    }
    server.sessions.closeAll();
    return new Doc();
  },
};

/** `refreshSessions`: their cursors stay open for longer. */
export const refreshSessions: Command = {
  fields: ['refreshSessions'],
  run({ body, server }) {
    for (const lsid of body.documents('refreshSessions') ?? []) {
      server.cursors.refresh(sessionKey(lsid).toString('latin1'));
    }
    return new Doc();
  },
};

/** `startSession`: a fresh session id. */
export const startSession: Command = {
  fields: ['startSession'],
  run() {
    const uuid = new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), Binary.SUBTYPE_UUID);
    return Doc.of([
      ['id', Doc.of([['id', uuid]])],
      ['timeoutMinutes', SESSION_TIMEOUT_MINUTES],
    ]);
  },
};
