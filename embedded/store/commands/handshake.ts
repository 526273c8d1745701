import { Doc } from '../values/index.js';
import { MAX_DOCUMENT_BYTES } from '../storage/records.js';
import { MAX_MESSAGE_BYTES } from '../wire/message.js';
import { SESSION_TIMEOUT_MINUTES } from '../transaction/sessions.js';
import { speculate, supportedMechanisms } from './authentication.js';
import type { Command, CommandContext } from './context.js';
import { MAX_WRITE_BATCH } from './write.js';

/** Name of the replica set that `hello` reports, as it must stand in the URI. */
export const REPLICA_SET = 'switchboard';
/** Wire versions of MongoDB 7.0: what this server answers like. */
const MAX_WIRE_VERSION = 21;
const MIN_WIRE_VERSION = 0;
/** The version that clients are told; see the README for what that means. */
export const SERVER_VERSION = '7.0.0';

/**
 * `hello`: one primary of a replica set, so that drivers use sessions, transactions and retryable writes (Server
 * Discovery and Monitoring specification). No `topologyVersion`, so drivers poll instead of waiting for changes.
 */
export function helloReply(context: CommandContext): Doc {
  const legacy = context.name !== 'hello';
  const { address } = context.server;
  const reply = Doc.of([
    [legacy ? 'ismaster' : 'isWritablePrimary', true],
    ['helloOk', true],
    ['secondary', false],
    ['setName', REPLICA_SET],
    ['setVersion', 1],
    ['hosts', [address]],
    ['primary', address],
    ['me', address],
    ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
    ['maxMessageSizeBytes', MAX_MESSAGE_BYTES],
    ['maxWriteBatchSize', MAX_WRITE_BATCH],
    ['localTime', new Date()],
    ['logicalSessionTimeoutMinutes', SESSION_TIMEOUT_MINUTES],
    ['connectionId', context.connection.id],
    ['minWireVersion', MIN_WIRE_VERSION],
    ['maxWireVersion', MAX_WIRE_VERSION],
    ['readOnly', false],
  ]);
  const { server, connection, body } = context;
  if (body.string('saslSupportedMechs') !== undefined) reply.append('saslSupportedMechs', supportedMechanisms(server));
  const request = body.document('speculativeAuthenticate');
  const first = request && speculate(server, connection, request);
  if (first !== undefined) reply.append('speculativeAuthenticate', first);
  return reply;
}

const HELLO_FIELDS = [
  'hello',
  'isMaster',
  'ismaster',
  'helloOk',
  'client',
  'compression',
  'saslSupportedMechs',
  'speculativeAuthenticate',
  'topologyVersion',
  'maxAwaitTimeMS',
  'loadBalanced',
  'backpressure',
  'hostInfo',
  'internalClient',
];

/** `hello`, and `isMaster` for older handshakes. */
export const hello: Command = { fields: HELLO_FIELDS, beforeLogin: true, inTransaction: true, run: helloReply };

/** `ping`. */
export const ping: Command = { fields: ['ping'], beforeLogin: true, run: () => new Doc() };

/** `buildInfo`. */
export const buildInfo: Command = {
  fields: ['buildInfo', 'buildinfo'],
  beforeLogin: true,
  inTransaction: true,
  run: () =>
    Doc.of([
      ['version', SERVER_VERSION],
      ['gitVersion', 'embedded'],
      ['modules', []],
      ['sysInfo', 'embedded store'],
      ['versionArray', SERVER_VERSION.split('.').map(Number).concat(0)],
      ['bits', 64],
      ['debug', false],
      ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
      ['storageEngines', ['lmdb']],
    ]),
};
