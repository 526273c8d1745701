import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { compileFilter } from '../query/index.js';
import { Doc, isNumber, StoreError, typeName, type Value } from '../values/index.js';
import type { Command } from './context.js';
import { MAX_OPERATION_ID, type Operation, type RunningCommand } from './operations.js';

/** Fields of `currentOp` that are no part of its filter. */
const OPTIONS = new Set([
  'currentOp',
  '$ownOps',
  '$all',
  '$db',
  'lsid',
  'comment',
  'maxTimeMS',
  '$readPreference',
  '$clusterTime',
  'readConcern',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

/** `currentOp`: the running commands that match its other fields. Idle connections are not listed, there is one user. */
export const currentOp: Command = {
  adminOnly: true,
  fields: 'any',
  run({ body, server }) {
    body.refuse('$all');
    const conditions = [...body.doc].filter(([field]) => !OPTIONS.has(field));
    const matches = compileFilter(Doc.of(conditions));
    const found = [...server.operations].map(describe).filter(matches);
    return new Doc(['inprog'], [found]);
  },
};

/** `killOp`: marks a command for its end; answered alike whether or not there is one of that number. */
export const killOp: Command = {
  adminOnly: true,
  fields: ['killOp', 'op'],
  run({ body, server }) {
    server.operations.kill(operationId(body.get('op')));
    return new Doc(['info'], ['attempting to kill op']);
  },
};

function operationId(value: Value | undefined): number {
  if (value === undefined) throw new StoreError(4, 'Missing expected field "op"', { codeName: 'NoSuchKey' });
  if (!isNumber(value)) {
    throw new StoreError(14, `Field "op" had the wrong type. Expected a number, found ${typeName(value)}`);
  }
  const id = Number(value);
  if (!Number.isInteger(id) || Math.abs(id) > MAX_OPERATION_ID) {
    throw new StoreError(26823, `invalid op : ${String(value)}. Op ID cannot be represented with 32 bits`);
  }
  return id;
}

const KINDS: Readonly<Record<string, string>> = {
  find: 'query',
  getMore: 'getmore',
  insert: 'insert',
  update: 'update',
  delete: 'remove',
};

function describe({ id, context, bytes, since }: Operation): Doc {
  const { connection, name, body, pace } = context;
  const microseconds = Math.round((performance.now() - since) * 1000);
  const lsid = body.get('lsid');
  return Doc.of([
    ['type', 'op'],
    ['host', hostname()],
    ['desc', `conn${connection.id}`],
    ['connectionId', connection.id],
    ['client', connection.peer],
    ['active', true],
    ['currentOpTime', new Date().toISOString()],
    ['opid', id],
    ...(lsid === undefined ? [] : [['lsid', lsid] as [string, Value]]),
    ['secs_running', BigInt(Math.floor(microseconds / 1_000_000))],
    ['microsecs_running', BigInt(microseconds)],
    ['op', KINDS[name] ?? 'command'],
    ['ns', namespace(context)],
    ['command', shortened(body.doc, bytes)],
    ...(pace.interrupted ? [['killPending', true] as [string, Value]] : []),
  ]);
}

function namespace({ name, database, body }: RunningCommand): string {
  const target = name === 'getMore' ? body.get('collection') : body.doc.values[0];
  return `${database}.${typeof target === 'string' ? target : '$cmd'}`;
}

/** Longest command that is shown whole, in bytes, as in MongoDB. */
const MAX_SHOWN_BYTES = 1000;

function shortened(command: Doc, bytes: number): Doc {
  if (bytes <= MAX_SHOWN_BYTES) return command;
  const [name = '', target] = [command.keys[0], command.values[0]];
  return Doc.of([
    [name, typeof target === 'string' ? target : 1],
    ['$truncated', `a command of ${bytes} bytes`],
  ]);
}
