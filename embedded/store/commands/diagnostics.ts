import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import { Doc, double, StoreError, type Value } from '../values/index.js';
import { STORE_USER } from './authentication.js';
import type { Command } from './context.js';
import { SERVER_VERSION } from './handshake.js';

/** `serverStatus`: the parts that tell something here. */
export const serverStatus: Command = {
  fields: ['serverStatus', 'serverstatus', 'repl', 'metrics', 'locks'],
  run({ server }) {
    const memory = process.memoryUsage();
    const uptime = (Date.now() - server.startedAt.getTime()) / 1000;
    return Doc.of([
      ['host', hostname()],
      ['version', SERVER_VERSION],
      ['process', 'switchboard-store'],
      ['pid', BigInt(process.pid)],
      ['uptime', double(uptime)],
      ['localTime', new Date()],
      ['connections', Doc.of([['current', server.connections()]])],
      ['mem', Doc.of([['resident', Math.round(memory.rss / 2 ** 20)]])],
      [
        'storageEngine',
        Doc.of([
          ['name', 'lmdb'],
          ['persistent', true],
        ]),
      ],
      ['transactions', Doc.of([['currentOpen', server.store.transactions.size]])],
      ['metrics', Doc.of([['cursor', Doc.of([['open', Doc.of([['total', server.cursors.size]])]])]])],
    ]);
  },
};

/** `connectionStatus`. */
export const connectionStatus: Command = {
  fields: ['connectionStatus', 'showPrivileges'],
  inTransaction: true,
  run({ server, connection, body }) {
    const loggedIn = server.credentials !== undefined && connection.authenticated;
    const users: Value[] = loggedIn ? [new Doc(['user', 'db'], [STORE_USER, 'admin'])] : [];
    const roles: Value[] = loggedIn ? [new Doc(['role', 'db'], ['root', 'admin'])] : [];
    const info = new Doc(['authenticatedUsers', 'authenticatedUserRoles'], [users, roles]);
    if (body.boolean('showPrivileges') === true) info.append('authenticatedUserPrivileges', []);
    return new Doc(['authInfo'], [info]);
  },
};

/** `getParameter`: only the settings that exist here. */
export const getParameter: Command = {
  adminOnly: true,
  fields: ['getParameter', 'transactionLifetimeLimitSeconds', 'featureCompatibilityVersion', 'allParameters'],
  run({ body, server }) {
    const result = new Doc();
    const all = body.get('getParameter') === '*';
    if (all || body.get('transactionLifetimeLimitSeconds') !== undefined) {
      result.append('transactionLifetimeLimitSeconds', server.sessions.lifetimeSeconds);
    }
    if (all || body.get('featureCompatibilityVersion') !== undefined) {
      result.append('featureCompatibilityVersion', Doc.of([['version', SERVER_VERSION.slice(0, 3)]]));
    }
    if (result.size === 0) throw new StoreError(72, 'no option found to get');
    return result;
  },
};

/** `hostInfo`: the machine that the store runs on. */
export const hostInfo: Command = {
  fields: ['hostInfo'],
  run: () =>
    Doc.of([
      [
        'system',
        Doc.of([
          ['currentTime', new Date()],
          ['hostname', hostname()],
          ['cpuAddrSize', 64],
          ['memSizeMB', BigInt(Math.round(totalmem() / 2 ** 20))],
          ['numCores', cpus().length],
          ['cpuArch', arch()],
        ]),
      ],
      ['os', new Doc(['type', 'name', 'version'], [platform(), platform(), release()])],
      ['extra', new Doc()],
    ]),
};

/** `whatsmyuri`: the address that the client comes from. */
export const whatsmyuri: Command = {
  fields: ['whatsmyuri'],
  beforeLogin: true,
  run: ({ connection }) => new Doc(['you'], [connection.peer]),
};

/** `getCmdLineOpts`: nothing that a client could use; shells ask for it at their start. */
export const getCmdLineOpts: Command = {
  adminOnly: true,
  fields: ['getCmdLineOpts'],
  run: () => new Doc(['argv', 'parsed'], [['switchboard-store'], new Doc()]),
};

const LOGS = ['global', 'startupWarnings'];

/** `getLog`: there is none to be had through the protocol. */
export const getLog: Command = {
  adminOnly: true,
  fields: ['getLog'],
  run({ body }) {
    const name = body.string('getLog') ?? '';
    if (name === '*') return new Doc(['names'], [LOGS]);
    if (!LOGS.includes(name)) throw new StoreError(96, `No log named '${name}'`, { codeName: 'OperationFailed' });
    return new Doc(['totalLinesWritten', 'log'], [0, []]);
  },
};
