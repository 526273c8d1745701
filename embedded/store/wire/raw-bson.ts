/** Assembles answers around stored documents without decoding them (BSON specification 1.1). */
import { Binary, Doc, encodeDoc, Timestamp } from '../values/index.js';

const TYPE_DOUBLE = 0x01;
const TYPE_STRING = 0x02;
const TYPE_DOCUMENT = 0x03;
const TYPE_ARRAY = 0x04;
const TYPE_INT64 = 0x12;

/** Bytes of an empty document: its length and its end. */
const FRAME_BYTES = 5;
/** Bytes of a field's type and of the end of its name. */
const FIELD_BYTES = 2;

/** Bytes of a field beside its value. */
const named = (name: string): number => FIELD_BYTES + name.length;

/** Writes into a buffer of the right size, from its beginning to its end. */
class Assembler {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  /** The beginning of a field; names are ASCII. */
  field(type: number, name: string): this {
    this.byte(type);
    this.at += this.buffer.write(name, this.at, 'latin1');
    return this.byte(0);
  }

  byte(value: number): this {
    this.buffer[this.at++] = value;
    return this;
  }

  int32(value: number): this {
    this.at = this.buffer.writeInt32LE(value, this.at);
    return this;
  }

  int64(value: bigint): this {
    this.at = this.buffer.writeBigInt64LE(value, this.at);
    return this;
  }

  double(value: number): this {
    this.at = this.buffer.writeDoubleLE(value, this.at);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.buffer.set(value, this.at);
    this.at += value.length;
    return this;
  }
}

/** Bytes of a BSON array of documents. */
function arrayBytes(documents: readonly Uint8Array[]): number {
  let bytes = FRAME_BYTES;
  for (let at = 0; at < documents.length; at++) bytes += named(String(at)) + (documents[at] as Uint8Array).length;
  return bytes;
}

/** The answer of `find`, `aggregate`, `getMore` and the list commands. */
export function cursorReply(
  namespace: string,
  id: bigint,
  batch: 'firstBatch' | 'nextBatch',
  documents: readonly Uint8Array[],
): Buffer {
  const text = Buffer.from(namespace, 'utf8');
  const array = arrayBytes(documents);
  const cursor = FRAME_BYTES + named(batch) + array + named('id') + 8 + named('ns') + 4 + text.length + 1;
  const whole = FRAME_BYTES + named('cursor') + cursor + named('ok') + 8;
  const buffer = Buffer.allocUnsafe(whole);
  const reply = new Assembler(buffer).int32(whole).field(TYPE_DOCUMENT, 'cursor').int32(cursor);
  reply.field(TYPE_ARRAY, batch).int32(array);
  for (let at = 0; at < documents.length; at++) {
    reply.field(TYPE_DOCUMENT, String(at)).bytes(documents[at] as Uint8Array);
  }
  reply.byte(0).field(TYPE_INT64, 'id').int64(id);
  reply
    .field(TYPE_STRING, 'ns')
    .int32(text.length + 1)
    .bytes(text)
    .byte(0);
  reply.byte(0).field(TYPE_DOUBLE, 'ok').double(1).byte(0);
  return buffer;
}

/** An answer's last fields, with times of zero. */
const TIMES = encodeDoc(
  Doc.of([
    [
      '$clusterTime',
      Doc.of([
        ['clusterTime', new Timestamp(0n)],
        [
          'signature',
          Doc.of([
            ['hash', new Binary(Buffer.alloc(20))],
            ['keyId', 0n],
          ]),
        ],
      ]),
    ],
    ['operationTime', new Timestamp(0n)],
  ]),
).subarray(4);

/** Where the value of a timestamp stands behind its name in {@link TIMES}. */
function timeAt(name: string): number {
  return TIMES.indexOf(`\x11${name}\0`, 0, 'latin1') + FIELD_BYTES + name.length;
}

const CLUSTER_TIME_AT = timeAt('clusterTime');
const OPERATION_TIME_AT = timeAt('operationTime');

/**
 * The answer with `$clusterTime` and `operationTime` behind its fields. The signature is the one that a replica set
 * without key file gives: twenty zero bytes, key 0.
 */
export function withTimes(reply: Uint8Array, time: bigint): Buffer {
  const fields = reply.length - 1;
  const buffer = Buffer.allocUnsafe(fields + TIMES.length);
  buffer.set(reply);
  buffer.set(TIMES, fields);
  buffer.writeInt32LE(buffer.length, 0);
  buffer.writeBigUInt64LE(time, fields + CLUSTER_TIME_AT);
  buffer.writeBigUInt64LE(time, fields + OPERATION_TIME_AT);
  return buffer;
}
