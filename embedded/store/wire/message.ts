/** Frames of the MongoDB wire protocol: OP_MSG, and OP_QUERY for the first `hello` of older handshakes. */

/** Bytes before the content of every frame. */
export const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;
const OP_MSG = 2013;

const FLAG_CHECKSUM_PRESENT = 1 << 0;
const FLAG_MORE_TO_COME = 1 << 1;
/** Bits 0 to 15 must be understood by the receiver; the rest may be ignored (OP_MSG specification). */
const REQUIRED_FLAGS = 0xffff;

/** Longest message accepted, in bytes; the same limit as `maxMessageSizeBytes` of MongoDB's hello. */
export const MAX_MESSAGE_BYTES = 48_000_000;

/**
 * Longest message accepted from a client that has yet to log in, in bytes. A `hello` and the steps of SCRAM take less
 * than 2 kB, with the 512 bytes of client metadata that the handshake specification allows.
 */
export const MAX_HANDSHAKE_BYTES = 16_384;

/** One request, not yet decoded: BSON bytes as the client sent them. */
export interface Request {
  requestId: number;
  kind: 'msg' | 'query';
  /** The command document. */
  body: Buffer;
  /** Document sequences of an OP_MSG (section kind 1), by identifier. */
  sequences: Map<string, Buffer[]>;
  /** The client expects no answer (unacknowledged write). */
  moreToCome: boolean;
}

/** A frame that breaks the protocol; the connection it came from must be closed. */
export class ProtocolError extends Error {}

/** The start of every frame, as far as an answer needs it. */
export type FrameHeader = Pick<Request, 'requestId' | 'kind'>;

/** Reads the header of a whole frame, or of the beginning of one. Throws {@link ProtocolError} for an unsupported kind. */
export function frameHeader(frame: Buffer): FrameHeader {
  const opCode = frame.readInt32LE(12);
  const requestId = frame.readInt32LE(4);
  if (opCode === OP_MSG) return { requestId, kind: 'msg' };
  if (opCode === OP_QUERY) return { requestId, kind: 'query' };
  if (opCode === OP_COMPRESSED) throw new ProtocolError('compression was not negotiated');
  throw new ProtocolError(`opcode ${opCode} is not supported`);
}

/** Reads the length of the frame at the start of `buffer`, or undefined while its header is not there. Throws {@link ProtocolError} on an impossible length. */
export function frameLength(buffer: Buffer): number | undefined {
  if (buffer.length < HEADER_BYTES) return undefined;
  const length = buffer.readInt32LE(0);
  if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES)
    throw new ProtocolError(`message length ${length} is not allowed`);
  return length;
}

/** Parses one whole frame. Throws {@link ProtocolError} when it is malformed or of an unsupported kind. */
export function parseFrame(frame: Buffer): Request {
  const { requestId, kind } = frameHeader(frame);
  return kind === 'msg' ? parseMsg(frame, requestId) : parseQuery(frame, requestId);
}

function parseMsg(frame: Buffer, requestId: number): Request {
  if (frame.length < HEADER_BYTES + 4) throw new ProtocolError('OP_MSG without flags');
  const flags = frame.readUInt32LE(HEADER_BYTES);
  const unknown = flags & REQUIRED_FLAGS & ~(FLAG_CHECKSUM_PRESENT | FLAG_MORE_TO_COME);
  if (unknown !== 0) throw new ProtocolError(`OP_MSG flag bits ${unknown} are not known`);
  let end = frame.length;
  if (flags & FLAG_CHECKSUM_PRESENT) {
    end -= 4;
    if (end < HEADER_BYTES + 4 || frame.readUInt32LE(end) !== crc32c(frame.subarray(0, end))) {
      throw new ProtocolError('OP_MSG checksum does not match');
    }
  }
  const sequences = new Map<string, Buffer[]>();
  let body: Buffer | undefined;
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = frame[at++];
    if (kind === 0) {
      if (body !== undefined) throw new ProtocolError('OP_MSG with two bodies');
      body = documentAt(frame, at, end);
      at += body.length;
    } else if (kind === 1) {
      at = readSequence(frame, at, end, sequences);
    } else {
      throw new ProtocolError(`OP_MSG section kind ${kind} is not known`);
    }
  }
  if (body === undefined) throw new ProtocolError('OP_MSG without a body');
  return { requestId, kind: 'msg', body, sequences, moreToCome: (flags & FLAG_MORE_TO_COME) !== 0 };
}

function readSequence(frame: Buffer, start: number, end: number, sequences: Map<string, Buffer[]>): number {
  if (start + 4 > end) throw new ProtocolError('short document sequence');
  const size = frame.readInt32LE(start);
  const stop = start + size;
  const nameEnd = frame.indexOf(0, start + 4);
  if (size < 5 || stop > end || nameEnd < 0 || nameEnd >= stop) throw new ProtocolError('malformed document sequence');
  const name = frame.toString('utf8', start + 4, nameEnd);
  if (sequences.has(name)) throw new ProtocolError(`document sequence ${name} is given twice`);
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < stop) {
    const document = documentAt(frame, at, stop);
    documents.push(document);
    at += document.length;
  }
  sequences.set(name, documents);
  return stop;
}

function parseQuery(frame: Buffer, requestId: number): Request {
  const nameStart = HEADER_BYTES + 4;
  const nameEnd = frame.indexOf(0, nameStart);
  if (nameEnd < 0 || !frame.toString('utf8', nameStart, nameEnd).endsWith('.$cmd')) {
    throw new ProtocolError('OP_QUERY is only accepted for commands');
  }
  const body = documentAt(frame, nameEnd + 9, frame.length);
  return { requestId, kind: 'query', body, sequences: new Map(), moreToCome: false };
}

function documentAt(frame: Buffer, at: number, end: number): Buffer {
  if (at + 5 > end) throw new ProtocolError('message ends inside a document');
  const size = frame.readInt32LE(at);
  if (size < 5 || at + size > end || frame[at + size - 1] !== 0) throw new ProtocolError('malformed document length');
  return frame.subarray(at, at + size);
}

/** Up to this size an answer is copied behind its header: one small copy costs less than a second piece to send. */
const COPY_BYTES = 64 * 1024;

/** Wraps an encoded answer in the frame that matches the request's kind: the pieces to send, one after the other. */
export function replyFrame(request: FrameHeader, requestId: number, document: Uint8Array): Uint8Array[] {
  const start = request.kind === 'msg' ? HEADER_BYTES + 5 : HEADER_BYTES + 20;
  const copied = document.length <= COPY_BYTES;
  const frame = Buffer.allocUnsafe(copied ? start + document.length : start).fill(0, HEADER_BYTES, start);
  frame.writeInt32LE(start + document.length, 0);
  frame.writeInt32LE(requestId, 4);
  frame.writeInt32LE(request.requestId, 8);
  frame.writeInt32LE(request.kind === 'msg' ? OP_MSG : OP_REPLY, 12);
  if (request.kind === 'query') {
    frame.writeInt32LE(8, HEADER_BYTES); // AwaitCapable, set by every server since MongoDB 1.6
    frame.writeInt32LE(1, HEADER_BYTES + 16);
  }
  if (!copied) return [frame, document];
  frame.set(document, start);
  return [frame];
}

const CRC32C_TABLE = new Uint32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli), the checksum of OP_MSG. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
