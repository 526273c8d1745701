import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, MaxKey, MinKey, Timestamp } from 'bson';
import { Doc, DbPointer, ScopedCode, Undefined, type Value } from './doc.js';
import { ObjectId } from './object-id.js';
import { StoreError } from './store-error.js';
import { readUtf8 } from './utf8.js';
import { isInt32, TYPE } from './value.js';

/** MongoDB stores at most 180 levels; commands wrap documents in a few more. */
const MAX_DEPTH = 200;

/** Milliseconds that a JavaScript Date can hold either side of 1970 (ECMA-262, "Time Values"). */
const MAX_DATE = 8_640_000_000_000_000;

/**
 * Reads one BSON document (bsonspec.org) that fills `bytes` exactly. The result keeps no reference to `bytes`.
 * Throws StoreError 22 when the bytes are not well-formed BSON.
 */
export function decodeDoc(bytes: Uint8Array): Doc {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 5 || buffer.readInt32LE(0) !== buffer.length) throw invalid('wrong document length');
  return new Reader(buffer).document(0);
}

function invalid(what: string): StoreError {
  return new StoreError(22, `Invalid BSON: ${what}`);
}

/** Field names recur in every document: a small table spares building the same string again. */
const nameCache: (string | undefined)[] = new Array<string | undefined>(4096).fill(undefined);

class Reader {
  private at = 0;
  private readonly buffer: Buffer;
  private readonly length: number;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.length = buffer.length;
  }

  document(depth: number): Doc {
    const end = this.enter(depth);
    const keys: string[] = [];
    const values: Value[] = [];
    for (let type = this.byte(); type !== 0; type = this.byte()) {
      keys.push(this.name());
      values.push(this.value(type, depth));
    }
    this.leave(end);
    return new Doc(keys, values);
  }

  private array(depth: number): Value[] {
    const end = this.enter(depth);
    const values: Value[] = [];
    for (let type = this.byte(); type !== 0; type = this.byte()) {
      while (this.byte() !== 0);
      values.push(this.value(type, depth));
    }
    this.leave(end);
    return values;
  }

  private enter(depth: number): number {
    if (depth > MAX_DEPTH) throw invalid('nested too deeply');
    const start = this.at;
    const end = start + this.int32();
    if (end < start + 5 || end > this.length) throw invalid('wrong length of a nested document');
    return end;
  }

  private leave(end: number): void {
    if (this.at !== end) throw invalid('a document does not end where its length says');
  }

  private byte(): number {
    const value = this.buffer[this.at++];
    if (value === undefined) throw invalid('truncated');
    return value;
  }

  private int32(): number {
    const { buffer, at } = this;
    this.skip(4);
    return buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24);
  }

  private skip(count: number): number {
    const start = this.at;
    this.at += count;
    if (count < 0 || this.at > this.length) throw invalid('truncated');
    return start;
  }

  private name(): string {
    const { buffer } = this;
    const start = this.at;
    let end = start;
    let hash = 0;
    for (let byte = buffer[end]; byte !== 0; byte = buffer[++end]) {
      if (byte === undefined) throw invalid('truncated');
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.at = end + 1;
    const slot = hash & 4095;
    const cached = nameCache[slot];
    if (cached !== undefined && sameName(cached, buffer, start, end)) return cached;
    const name = readUtf8(buffer, start, end);
    if (end - start === name.length && name.length <= 64) nameCache[slot] = name;
    return name;
  }

  private string(): string {
    const length = this.int32();
    const start = this.skip(length);
    if (length < 1 || this.buffer[start + length - 1] !== 0) throw invalid('a string without its terminator');
    return readUtf8(this.buffer, start, start + length - 1);
  }

  private value(type: number, depth: number): Value {
    switch (type) {
      case TYPE.string:
        return this.string();
      case TYPE.int:
        return this.int32();
      case TYPE.objectId:
        return ObjectId.read(this.buffer, this.skip(12));
      case TYPE.object:
        return this.document(depth + 1);
      case TYPE.array:
        return this.array(depth + 1);
      case TYPE.date:
        return this.date();
      case TYPE.bool:
        return this.bool();
      case TYPE.null:
        return null;
      case TYPE.double:
        return this.double();
      case TYPE.long:
        return this.buffer.readBigInt64LE(this.skip(8));
      default:
        return this.rareValue(type, depth);
    }
  }

  private rareValue(type: number, depth: number): Value {
    switch (type) {
      case TYPE.binData:
        return this.binary();
      case TYPE.decimal:
        return new Decimal128(Buffer.from(this.buffer.subarray(this.skip(16), this.at)));
      case TYPE.timestamp:
        return new Timestamp(this.buffer.readBigUInt64LE(this.skip(8)));
      case TYPE.regex:
        return this.regex();
      case TYPE.javascript:
        return new Code(this.string());
      case TYPE.symbol:
        return new BSONSymbol(this.string());
      case TYPE.javascriptWithScope:
        this.int32();
        return new ScopedCode(this.string(), this.document(depth + 1));
      case TYPE.dbPointer:
        return new DbPointer(this.string(), ObjectId.read(this.buffer, this.skip(12)));
      case TYPE.undefined:
        return Undefined.value;
      case TYPE.maxKey:
        return new MaxKey();
      case 255:
        return new MinKey();
      default:
        throw invalid(`unknown type ${type}`);
    }
  }

  private double(): number | Double {
    const value = this.buffer.readDoubleLE(this.skip(8));
    return isInt32(value) ? new Double(value) : value;
  }

  private bool(): boolean {
    const byte = this.byte();
    if (byte > 1) throw invalid('a boolean that is neither 0 nor 1');
    return byte === 1;
  }

  private date(): Date {
    const at = this.skip(8);
    const time = this.buffer.readInt32LE(at + 4) * 4294967296 + this.buffer.readUInt32LE(at);
    if (time > MAX_DATE || time < -MAX_DATE) throw invalid('a date outside the range of this store');
    return new Date(time);
  }

  private binary(): Binary {
    const length = this.int32();
    const subtype = this.byte();
    const start = this.skip(length);
    const inner = subtype === Binary.SUBTYPE_BYTE_ARRAY ? 4 : 0;
    if (inner > 0 && (length < 4 || this.buffer.readInt32LE(start) !== length - 4)) throw invalid('binary length');
    return new Binary(Buffer.from(this.buffer.subarray(start + inner, start + length)), subtype);
  }

  private regex(): BSONRegExp {
    const pattern = this.name();
    const options = this.name();
    try {
      return new BSONRegExp(pattern, options);
    } catch {
      throw invalid(`regular expression options "${options}"`);
    }
  }
}

function sameName(name: string, buffer: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) !== buffer[start + i]) return false;
  return true;
}
