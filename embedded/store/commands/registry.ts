import { buildInfo, hello, ping } from './handshake.js';
import { collMod } from './coll-mod.js';
import {
  connectionStatus,
  getCmdLineOpts,
  getLog,
  getParameter,
  hostInfo,
  serverStatus,
  whatsmyuri,
} from './diagnostics.js';
import { collStats, dbStats, listDatabases } from './statistics.js';
import { validate } from './validate.js';
import { create, drop, dropDatabase, listCollections, renameCollection } from './collections.js';
import { createIndexes, dropIndexes, listIndexes } from './indexes.js';
import { aggregate } from './aggregate.js';
import { logout, saslContinue, saslStart } from './authentication.js';
import { count, distinct } from './count.js';
import { explain } from './explain.js';
import { find, getMore, killCursors } from './find.js';
import { findAndModify } from './find-and-modify.js';
import { currentOp, killOp } from './operation-commands.js';
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
  ['getCmdLineOpts', getCmdLineOpts],
  ['hostInfo', hostInfo],
  ['whatsmyuri', whatsmyuri],
  ['collMod', collMod],
  ['validate', validate],
  ['currentOp', currentOp],
  ['killOp', killOp],
]);

/** Commands that MongoDB 7.0 has and this store refuses by name ("Database Commands" in its manual). */
export const REFUSED_COMMANDS: ReadonlySet<string> = new Set(
  [
    'analyzeShardKey appendOplogNote authenticate autoSplitVector balancerStart balancerStop balancerStatus bulkWrite',
    'cleanupOrphaned clearJumboFlag cloneCollectionAsCapped commitReshardCollection compact',
    'compactStructuredEncryptionData configureQueryAnalyzer connPoolStats convertToCapped createRole createSearchIndexes',
    'createUser dataSize dbHash driverOIDTest dropAllRolesFromDatabase dropAllUsersFromDatabase dropConnections',
    'dropRole dropSearchIndex dropUser enableSharding features filemd5 flushRouterConfig forceerror fsync fsyncUnlock',
    'getAuditConfig getClusterParameter getDefaultRWConcern getLastError getShardMap getShardVersion getnonce godinsert',
    'grantPrivilegesToRole grantRolesToRole grantRolesToUser invalidateUserCache isSelf isdbgrid',
    'killAllSessionsByPattern listCommands listSearchIndexes listShards lockInfo logApplicationMessage logRotate',
    'mapReduce moveChunk movePrimary netstat planCacheClear planCacheClearFilters planCacheListFilters planCacheSetFilter',
    'profile reIndex refineCollectionShardKey removeShard replSetAbortPrimaryCatchUp replSetFreeze replSetGetConfig',
    'replSetGetStatus replSetInitiate replSetMaintenance replSetReconfig replSetResizeOplog replSetStepDown',
    'replSetSyncFrom reshardCollection revokePrivilegesFromRole revokeRolesFromRole revokeRolesFromUser rolesInfo',
    'rotateCertificates setAuditConfig setClusterParameter setDefaultRWConcern setFeatureCompatibilityVersion setParameter',
    'shardCollection shardConnPoolStats shardingState shutdown split splitVector top unsetSharding updateRole',
    'updateSearchIndex updateUser usersInfo validateDBMetadata',
  ]
    .join(' ')
    .split(' '),
);
