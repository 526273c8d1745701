import { ObjectId as DriverObjectId } from 'bson';

/** The 12 bytes of an ObjectId as three unsigned 32-bit words: cheap to read, compare and write. */
export class ObjectId {
  constructor(
    readonly high: number,
    readonly middle: number,
    readonly low: number,
  ) {}

  /** A fresh ObjectId (time, process-unique part, counter), as a server makes for a document without `_id`. */
  static generate(): ObjectId {
    return ObjectId.read(DriverObjectId.generate(), 0);
  }

  /** Reads the 12 bytes at `offset`. */
  static read(bytes: Uint8Array, offset: number): ObjectId {
    return new ObjectId(word(bytes, offset), word(bytes, offset + 4), word(bytes, offset + 8));
  }

  /** From 24 hexadecimal digits; undefined when `hex` is anything else. */
  static fromHex(hex: string): ObjectId | undefined {
    return /^[0-9a-fA-F]{24}$/.test(hex) ? ObjectId.read(Buffer.from(hex, 'hex'), 0) : undefined;
  }

  equals(other: ObjectId): boolean {
    return this.low === other.low && this.middle === other.middle && this.high === other.high;
  }

  compare(other: ObjectId): number {
    return this.high - other.high || this.middle - other.middle || this.low - other.low;
  }

  /** Writes the 12 bytes at `offset`. */
  write(target: Uint8Array, offset: number): void {
    putWord(target, offset, this.high);
    putWord(target, offset + 4, this.middle);
    putWord(target, offset + 8, this.low);
  }

  /** The first four bytes: seconds since 1970. */
  timestamp(): Date {
    return new Date(this.high * 1000);
  }

  toHexString(): string {
    return hex(this.high) + hex(this.middle) + hex(this.low);
  }

  toString(): string {
    return this.toHexString();
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function putWord(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
