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
    const { session, server } = context;
    if (session === undefined) throw outsideTransaction(context);
    await server.sessions.commit(session, number);
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
    const { session, server } = context;
    if (session === undefined) throw outsideTransaction(context);
    server.sessions.abort(session, number);
    return new Doc();
  },
};

function endListed(lsids: readonly Doc[], { server }: CommandContext): void {
  for (const lsid of lsids) {
    const key = sessionKey(lsid);
    server.sessions.end(key);
    server.cursors.killOwned({ session: key.toString('latin1') });
  }
}

function endEvery({ server }: CommandContext): void {
  server.sessions.closeAll();
  server.cursors.killOfSessions();
}

/** `endSessions`: what the sessions have open is closed. */
export const endSessions: Command = {
  fields: ['endSessions'],
  run(context) {
    endListed(context.body.documents('endSessions') ?? [], context);
    return new Doc();
  },
};

/** `killSessions`: the same; an empty list means all sessions of the user, and there is only one user. */
export const killSessions: Command = {
  fields: ['killSessions'],
  run(context) {
    const lsids = context.body.documents('killSessions') ?? [];
    if (lsids.length === 0) endEvery(context);
    else endListed(lsids, context);
    return new Doc();
  },
};

/** `killAllSessions`: ends every open transaction and every cursor in a session, whoever it belongs to. */
export const killAllSessions: Command = {
  fields: ['killAllSessions'],
  run(context) {
    if ((context.body.array('killAllSessions') ?? []).length > 0) {
      throw new StoreError(238, 'killAllSessions of one user is not supported by this store');
    }
    endEvery(context);
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
