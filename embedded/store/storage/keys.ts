import type { KeyRange } from './environment.js';

/** Bytes of the numbers in front of every key: the collection's or the index's id. */
export const ID_BYTES = 4;
/** Bytes of a record's number, or of another number written like it. */
export const RECORD_BYTES = 8;

function idBytes(id: number): Buffer {
  const buffer = Buffer.allocUnsafe(ID_BYTES);
  buffer.writeUInt32BE(id);
  return buffer;
}

/** A record's number as the value of an index entry, or as the tail of a key; byte order is number order. */
export function recordBytes(record: number): Buffer {
  const buffer = Buffer.allocUnsafe(RECORD_BYTES);
  buffer.writeUInt32BE(Math.floor(record / 2 ** 32), 0);
  buffer.writeUInt32BE(record % 2 ** 32, 4);
  return buffer;
}

/** Reads what {@link recordBytes} wrote at `offset`. */
export function readRecord(bytes: Buffer, offset = 0): number {
  return bytes.readUInt32BE(offset) * 2 ** 32 + bytes.readUInt32BE(offset + 4);
}

/** Key of a document. */
export function documentKey(collection: number, record: number): Buffer {
  const buffer = Buffer.allocUnsafe(ID_BYTES + RECORD_BYTES);
  buffer.writeUInt32BE(collection);
  buffer.writeUInt32BE(Math.floor(record / 2 ** 32), ID_BYTES);
  buffer.writeUInt32BE(record % 2 ** 32, ID_BYTES + 4);
  return buffer;
}

/** The record number in a document's key. */
export function recordOfKey(key: Buffer): number {
  return readRecord(key, ID_BYTES);
}

/** Key of an index entry; entries of a unique index carry no record number, so that a second one collides. */
export function entryKey(index: number, bytes: Uint8Array, record?: number): Buffer {
  return record === undefined
    ? Buffer.concat([idBytes(index), bytes])
    : Buffer.concat([idBytes(index), bytes, recordBytes(record)]);
}

/** Every key that starts with the id of a collection (documents) or an index (entries). */
export function wholeRange(id: number): KeyRange {
  return { low: idBytes(id), high: idBytes(id + 1) };
}
