import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Binary, Doc, StoreError, type Value } from '../values/index.js';
import type { Connection } from '../wire/connection.js';
import { MAX_HANDSHAKE_BYTES } from '../wire/message.js';
import { Arguments } from './arguments.js';
import type { Command, Server } from './context.js';
import { hmac, ITERATIONS, type Credentials } from './credentials.js';

/** The only user there is. */
export const STORE_USER = 'switchboard';
const MECHANISM = 'SCRAM-SHA-256';
interface Conversation {
  nonce: string;
  /** `client-first-message-bare,server-first-message`, the start of what both sides sign. */
  transcript: string;
  skipEmptyExchange: boolean;
  verified: boolean;
}

const conversations = new WeakMap<Connection, Conversation>();

/** The mechanisms that `hello` names when a client asks for those of a user. */
export function supportedMechanisms(server: Server): Value[] {
  return server.credentials === undefined ? [] : [MECHANISM];
}

/** First step of SCRAM-SHA-256 (RFC 7677); also runs inside `hello` as `speculativeAuthenticate`. */
export function startConversation(server: Server, connection: Connection, body: Arguments): Doc {
  if (body.string('mechanism') !== MECHANISM)
    throw new StoreError(334, `Only ${MECHANISM} is supported`, { codeName: 'MechanismUnavailable' });
  const { credentials } = server;
  const message = payloadOf(body);
  const bare = /^n,[^,]*,(.*)$/s.exec(message)?.[1];
  const fields = attributes(bare ?? '');
  const clientNonce = fields.get('r');
  if (bare === undefined || clientNonce === undefined || credentials === undefined || fields.get('n') !== STORE_USER)
    throw refused();
  const nonce = clientNonce + randomBytes(18).toString('base64');
  const first = `r=${nonce},s=${credentials.salt.toString('base64')},i=${ITERATIONS}`;
  const skipEmptyExchange = body.document('options')?.get('skipEmptyExchange') === true;
  conversations.set(connection, { nonce, transcript: `${bare},${first}`, skipEmptyExchange, verified: false });
  return step(first, false);
}

function continueConversation(server: Server, connection: Connection, body: Arguments): Doc {
  const conversation = conversations.get(connection);
  const { credentials } = server;
  if (conversation === undefined || credentials === undefined) throw refused();
  if (conversation.verified) return finish(connection, '');
  const message = payloadOf(body);
  const fields = attributes(message);
  const proof = Buffer.from(fields.get('p') ?? '', 'base64');
  const signed = `${conversation.transcript},${message.slice(0, message.lastIndexOf(',p='))}`;
  conversations.delete(connection);
  if (fields.get('r') !== conversation.nonce || fields.get('c') !== 'biws' || !proves(credentials, signed, proof))
    throw refused();
  const signature = `v=${hmac(credentials.serverKey, signed).toString('base64')}`;
  if (conversation.skipEmptyExchange) return finish(connection, signature);
  conversations.set(connection, { ...conversation, verified: true });
  return step(signature, false);
}

function proves({ storedKey }: Credentials, signed: string, proof: Buffer): boolean {
  if (proof.length !== storedKey.length) return false;
  const signature = hmac(storedKey, signed);
  const clientKey = Buffer.from(proof.map((byte, at) => byte ^ (signature[at] ?? 0)));
  return timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey);
}

function finish(connection: Connection, payload: string): Doc {
  conversations.delete(connection);
  connection.authenticated = true;
  return step(payload, true);
}

function step(payload: string, done: boolean): Doc {
  return new Doc(['conversationId', 'done', 'payload'], [1, done, new Binary(Buffer.from(payload, 'utf8'))]);
}

function payloadOf(body: Arguments): string {
  const payload = body.get('payload');
  if (typeof payload === 'string') return payload;
  if (payload instanceof Binary) return Buffer.from(payload.buffer.subarray(0, payload.position)).toString('utf8');
  throw refused();
}

function attributes(message: string): Map<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}

function refused(): StoreError {
  return new StoreError(18, 'Authentication failed.', { codeName: 'AuthenticationFailed' });
}

/** The error for a message that is too large for a client that has yet to log in. */
export function tooLargeBeforeLogin(bytes: number): StoreError {
  const text = `A message of ${bytes} bytes requires authentication: at most ${MAX_HANDSHAKE_BYTES} bytes are read before log-in`;
  return new StoreError(13, text, { codeName: 'Unauthorized' });
}

/** `saslStart`. */
export const saslStart: Command = {
  fields: ['saslStart', 'mechanism', 'payload', 'options', 'autoAuthorize', 'db'],
  beforeLogin: true,
  run: ({ server, connection, body }) => startConversation(server, connection, body),
};

/** `saslContinue`. */
export const saslContinue: Command = {
  fields: ['saslContinue', 'conversationId', 'payload'],
  beforeLogin: true,
  run: ({ server, connection, body }) => continueConversation(server, connection, body),
};

/** `logout`. */
export const logout: Command = {
  fields: ['logout'],
  beforeLogin: true,
  run({ connection }) {
    connection.authenticated = false;
    return new Doc();
  },
};

/** The answer to a `speculativeAuthenticate`, or nothing when it cannot succeed: the client then logs in the long way. */
export function speculate(server: Server, connection: Connection, request: Doc): Doc | undefined {
  try {
    return startConversation(server, connection, new Arguments('saslStart', request));
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
