import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Timestamp } from 'bson';
import { Doc, DbPointer, ScopedCode, type Value } from './doc.js';
import { ObjectId } from './object-id.js';
import { StoreError } from './store-error.js';
import { writeUtf8 } from './utf8.js';
import { isInt32, typeCode } from './value.js';

let scratch = Buffer.allocUnsafe(64 * 1024);
let at = 0;
let depth = 0;

/** MongoDB's limit on nested documents and arrays; `decodeDoc` reads a few levels more. */
const MAX_DEPTH = 180;

/** Scratch space beyond this is given back after the document that needed it. */
const KEEP_SCRATCH = 1024 * 1024;

/**
 * Writes a document as BSON (bsonspec.org). Throws StoreError 2 for a field name with a NUL character and 15 for more
 * than 180 levels.
 */
export function encodeDoc(doc: Doc): Buffer {
  at = 0;
  depth = 0;
  writeDoc(doc);
  const bytes = Buffer.allocUnsafeSlow(at);
  scratch.copy(bytes, 0, 0, at);
  if (scratch.length > KEEP_SCRATCH) scratch = Buffer.allocUnsafe(64 * 1024);
  return bytes;
}

function reserve(count: number): void {
  if (at + count <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + count));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function int32(value: number): void {
  reserve(4);
  putInt32(value, at);
  at += 4;
}

function writeName(name: string): void {
  reserve(name.length * 3 + 2);
  if (name.includes('\0')) throw new StoreError(2, `A name must not hold a NUL character: ${name}`);
  at += writeText(name, at);
  scratch[at++] = 0;
}

function writeString(text: string): void {
  reserve(text.length * 3 + 5);
  const length = writeText(text, at + 4);
  putInt32(length + 1, at);
  at += 4 + length;
  scratch[at++] = 0;
}

/** Up to this length a loop over ASCII characters beats the call into native code. */
const SHORT = 32;

function writeText(text: string, start: number): number {
  const { length } = text;
  if (length > SHORT) return writeUtf8(scratch, text, start);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return writeUtf8(scratch, text, start);
    scratch[start + i] = unit;
  }
  return length;
}

function putInt32(value: number, start: number): void {
  scratch[start] = value;
  scratch[start + 1] = value >> 8;
  scratch[start + 2] = value >> 16;
  scratch[start + 3] = value >> 24;
}

function writeDoc(doc: Doc): void {
  const start = open();
  const { keys, values } = doc;
  for (let i = 0; i < keys.length; i++) writeField(keys[i]!, values[i]!);
  close(start);
}

/** Names of array elements, which would otherwise be made anew for every array. */
const INDEX_NAMES = Array.from({ length: 256 }, (_, i) => String(i));

function writeArray(values: Value[]): void {
  const start = open();
  for (let i = 0; i < values.length; i++) writeField(i < INDEX_NAMES.length ? INDEX_NAMES[i]! : String(i), values[i]!);
  close(start);
}

function open(): number {
  if (++depth > MAX_DEPTH) throw new StoreError(15, `Document exceeds the maximum nesting of ${MAX_DEPTH} levels`);
  const start = at;
  int32(0);
  return start;
}

function close(start: number): void {
  depth--;
  reserve(1);
  scratch[at++] = 0;
  putInt32(at - start, start);
}

function writeField(name: string, value: Value): void {
  reserve(1);
  scratch[at++] = typeCode(value);
  writeName(name);
  writeValue(value);
}

function writeValue(value: Value): void {
  if (typeof value === 'string') writeString(value);
  else if (typeof value === 'number') writeNumber(value);
  else if (typeof value === 'boolean') writeBool(value);
  else if (typeof value === 'bigint') writeLong(value);
  else if (value instanceof Doc) writeDoc(value);
  else if (Array.isArray(value)) writeArray(value);
  else if (value instanceof ObjectId) writeObjectId(value);
  else if (value instanceof Date) writeDate(value.getTime());
  else if (value !== null) writeRareValue(value);
}

function writeRareValue(value: Value): void {
  if (value instanceof Double) writeDouble(value.value);
  else if (value instanceof Binary) writeBinary(value);
  else if (value instanceof Decimal128) writeBytes(value.bytes);
  else if (value instanceof Timestamp) writeLong(BigInt.asIntN(64, value.toBigInt()));
  else if (value instanceof BSONRegExp) {
    writeName(value.pattern);
    writeName(value.options);
  } else if (value instanceof Code) writeString(String(value.code));
  else if (value instanceof BSONSymbol) writeString(value.value);
  else if (value instanceof ScopedCode) writeScopedCode(value);
  else if (value instanceof DbPointer) {
    writeString(value.namespace);
    writeObjectId(value.id);
  }
}

function writeNumber(value: number): void {
  if (isInt32(value)) int32(value);
  else writeDouble(value);
}

function writeDouble(value: number): void {
  reserve(8);
  at = scratch.writeDoubleLE(value, at);
}

function writeLong(value: bigint): void {
  reserve(8);
  at = scratch.writeBigInt64LE(value, at);
}

function writeDate(time: number): void {
  reserve(8);
  const high = Math.floor(time / 4294967296);
  at = scratch.writeUInt32LE(time - high * 4294967296, at);
  at = scratch.writeInt32LE(high, at);
}

function writeBool(value: boolean): void {
  reserve(1);
  scratch[at++] = value ? 1 : 0;
}

function writeObjectId(id: ObjectId): void {
  reserve(12);
  id.write(scratch, at);
  at += 12;
}

function writeBytes(bytes: Uint8Array): void {
  reserve(bytes.length);
  scratch.set(bytes, at);
  at += bytes.length;
}

function writeBinary(value: Binary): void {
  const bytes = value.buffer.subarray(0, value.position);
  const old = value.sub_type === Binary.SUBTYPE_BYTE_ARRAY;
  int32(bytes.length + (old ? 4 : 0));
  reserve(1);
  scratch[at++] = value.sub_type;
  if (old) int32(bytes.length);
  writeBytes(bytes);
}

function writeScopedCode(value: ScopedCode): void {
  const start = at;
  int32(0);
  writeString(value.code);
  writeDoc(value.scope);
  putInt32(at - start, start);
}
