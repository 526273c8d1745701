/** Assembles answers around stored documents without decoding them (BSON specification 1.1). */

const TYPE_STRING = 0x02;
const TYPE_DOCUMENT = 0x03;
const TYPE_ARRAY = 0x04;
const TYPE_INT64 = 0x12;
const TYPE_DOUBLE = 0x01;

function element(type: number, name: string, value: Uint8Array): Buffer[] {
  return [
    Buffer.from([type]),
    Buffer.from(`${name}\0`, 'utf8'),
    Buffer.from(value.buffer, value.byteOffset, value.length),
  ];
}

function document(parts: Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 5);
  const head = Buffer.alloc(4);
  head.writeInt32LE(size);
  return Buffer.concat([head, ...parts, Buffer.from([0])], size);
}

function int64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(value);
  return buffer;
}

function double(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return buffer;
}

function string(value: string): Buffer {
  const text = Buffer.from(`${value}\0`, 'utf8');
  const head = Buffer.alloc(4);
  head.writeInt32LE(text.length);
  return Buffer.concat([head, text]);
}

/** A BSON array whose elements are the given encoded documents. */
function arrayOf(documents: readonly Uint8Array[]): Buffer {
  return document(documents.flatMap((bytes, at) => element(TYPE_DOCUMENT, String(at), bytes)));
}

/** The answer of `find`, `aggregate`, `getMore` and the list commands. */
export function cursorReply(
  namespace: string,
  id: bigint,
  batch: 'firstBatch' | 'nextBatch',
  documents: readonly Uint8Array[],
): Buffer {
  const cursor = document([
    ...element(TYPE_ARRAY, batch, arrayOf(documents)),
    ...element(TYPE_INT64, 'id', int64(id)),
    ...element(TYPE_STRING, 'ns', string(namespace)),
  ]);
  return document([...element(TYPE_DOCUMENT, 'cursor', cursor), ...element(TYPE_DOUBLE, 'ok', double(1))]);
}
