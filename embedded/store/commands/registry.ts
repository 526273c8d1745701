import { buildInfo, hello, ping } from './handshake.js';
import {
  collStats,
  connectionStatus,
  dbStats,
  getLog,
  getParameter,
  listDatabases,
  serverStatus,
} from './diagnostics.js';
import { create, drop, dropDatabase, listCollections, renameCollection } from './collections.js';
import { createIndexes, dropIndexes, listIndexes } from './indexes.js';
import { aggregate } from './aggregate.js';
import { logout, saslContinue, saslStart } from './authentication.js';
import { count, distinct } from './count.js';
import { explain } from './explain.js';
import { find, getMore, killCursors } from './find.js';
import { findAndModify } from './find-and-modify.js';
import { deleteCommand, insert, update } from './write.js';
import {
  abortTransaction,
  commitTransaction,
  endSessions,
  killAllSessions,
  killSessions,
  refreshSessions,
  startSession,
} from './session-commands.js';
import type { Command } from './context.js';

/** Every command by the name that clients send. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['hello', hello],
  ['isMaster', hello],
  ['ismaster', hello],
  ['ping', ping],
  ['buildInfo', buildInfo],
  ['buildinfo', buildInfo],
  ['saslStart', saslStart],
  ['saslContinue', saslContinue],
  ['logout', logout],
  ['find', find],
  ['getMore', getMore],
  ['killCursors', killCursors],
  ['insert', insert],
  ['update', update],
  ['delete', deleteCommand],
  ['findAndModify', findAndModify],
  ['findandmodify', findAndModify],
  ['aggregate', aggregate],
  ['explain', explain],
  ['count', count],
  ['distinct', distinct],
  ['create', create],
  ['drop', drop],
  ['dropDatabase', dropDatabase],
  ['renameCollection', renameCollection],
  ['listCollections', listCollections],
  ['createIndexes', createIndexes],
  ['dropIndexes', dropIndexes],
  ['deleteIndexes', dropIndexes],
  ['listIndexes', listIndexes],
  ['listDatabases', listDatabases],
  ['commitTransaction', commitTransaction],
  ['abortTransaction', abortTransaction],
  ['startSession', startSession],
  ['endSessions', endSessions],
  ['killSessions', killSessions],
  ['killAllSessions', killAllSessions],
  ['refreshSessions', refreshSessions],
  ['collStats', collStats],
  ['collstats', collStats],
  ['dbStats', dbStats],
  ['dbstats', dbStats],
  ['serverStatus', serverStatus],
  ['connectionStatus', connectionStatus],
  ['getParameter', getParameter],
  ['getLog', getLog],
]);
