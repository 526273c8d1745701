import { describe, expect, test } from '@jest/globals';
import * as bson from 'bson';
import fc from 'fast-check';
import {
  arithmetic,
  compareValues,
  Decimal128,
  decodeDoc,
  docFromJs,
  docToJs,
  Doc,
  Double,
  encodeDoc,
  equalValues,
  identicalValues,
  ObjectId,
  StoreError,
  typeName,
  type NumberValue,
  type Value,
} from '../../../../embedded/store/values/index.js';
import { encodeKeyValue } from '../../../../embedded/store/index/index.js';
import { docs, values } from './arbitrary.js';

function errorCode(action: () => unknown): number | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof StoreError ? error.code : -1;
  }
}

describe('BSON codec', () => {
  test('decoding and encoding again gives the same bytes', () => {
    fc.assert(
      fc.property(docs, (doc) => {
        const bytes = encodeDoc(doc);
        expect(encodeDoc(decodeDoc(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('reads what the driver writes, byte for byte', () => {
    const source = {
      int: 1,
      double: new bson.Double(1),
      minusZero: -0,
      long: bson.Long.fromString('9223372036854775807'),
      text: 'Grüße 👋',
      id: new bson.ObjectId('64b7f0a1c2d3e4f5a6b7c8d9'),
      date: new Date('1969-12-31T23:59:59.999Z'),
      decimal: bson.Decimal128.fromString('0.10'),
      list: [1, [2, { three: 3 }], null],
      old: new bson.Binary(Buffer.from('abc'), 2),
      code: new bson.Code('f()', { x: 1 }),
    };
    const bytes = bson.serialize(source);
    const doc = decodeDoc(bytes);
    expect(encodeDoc(doc).equals(bytes)).toBe(true);
    expect([...doc].map(([, value]) => typeName(value))).toEqual(
      'int double double long string objectId date decimal array binData javascriptWithScope'.split(' '),
    );
  });

  test('keeps integer-like names, __proto__ and repeated names in order', () => {
    const doc = new Doc(['b', '10', '2', '__proto__', 'b'], [1, 2, 3, 4, 5]);
    expect(decodeDoc(encodeDoc(doc)).keys).toEqual(['b', '10', '2', '__proto__', 'b']);
  });

  test('keeps the bytes of strings and names that are no UTF-8, in the order of their bytes', () => {
    const malformed = fc.array(
      fc.oneof(
        fc.constantFrom([0x61], [0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [...Buffer.from('\ufffd👋ß')]),
      ),
      { maxLength: 6 },
    );
    const text = (parts: (readonly number[])[]): Buffer => Buffer.from(parts.flat());
    const bsonOf = (value: Buffer): Buffer => {
      const body = Buffer.concat([Buffer.from([2]), value, Buffer.from([0, 0, 0, 0, 0]), value, Buffer.from([0, 0])]);
      body.writeInt32LE(value.length + 1, value.length + 2);
      const size = Buffer.alloc(4);
      size.writeInt32LE(body.length + 4);
      return Buffer.concat([size, body]);
    };
    fc.assert(
      fc.property(malformed.map(text), malformed.map(text), (a, b) => {
        const [left, right] = [decodeDoc(bsonOf(a)), decodeDoc(bsonOf(b))];
        expect(encodeDoc(left).equals(bsonOf(a))).toBe(true);
        const order = Math.sign(Buffer.compare(a, b));
        expect(Math.sign(compareValues(left.values[0]!, right.values[0]!))).toBe(order);
        const [low, high] = [left, right].map(({ values: [value] }) => encodeKeyValue(value!, 1));
        expect(Math.sign(Buffer.compare(low!, high!))).toBe(order);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['empty input', Buffer.alloc(0)],
    ['wrong total length', Buffer.from([6, 0, 0, 0, 0])],
    ['truncated string', Buffer.from([14, 0, 0, 0, 2, 97, 0, 9, 0, 0, 0, 98, 0, 0])],
    ['unknown type', Buffer.from([8, 0, 0, 0, 0x20, 97, 0, 0])],
    ['boolean of 2', Buffer.from([9, 0, 0, 0, 8, 97, 0, 2, 0])],
    ['length beyond the end', Buffer.from([13, 0, 0, 0, 3, 97, 0, 99, 0, 0, 0, 0, 0])],
  ])('refuses %s as invalid BSON', (_name, bytes) => {
    expect(errorCode(() => decodeDoc(bytes))).toBe(22);
  });

  test('never fails otherwise on damaged bytes', () => {
    fc.assert(
      fc.property(docs, fc.nat(), fc.integer({ min: 0, max: 255 }), (doc, at, byte) => {
        const bytes = encodeDoc(doc);
        bytes[at % bytes.length] = byte;
        expect([undefined, 22]).toContain(errorCode(() => decodeDoc(bytes)));
      }),
      { numRuns: 1000 },
    );
  });

  test('refuses a NUL in a field name', () => {
    expect(errorCode(() => encodeDoc(new Doc(['a\0b'], [1])))).toBe(2);
  });

  test('writes 180 levels and no more', () => {
    const nested = (levels: number): Doc => {
      let doc = new Doc();
      for (let i = 1; i < levels; i++) doc = new Doc(['a'], [doc]);
      return doc;
    };
    expect(decodeDoc(encodeDoc(nested(180))).size).toBe(1);
    expect(errorCode(() => encodeDoc(nested(181)))).toBe(15);
    expect(errorCode(() => encodeDoc(new Doc(['a'], ['x'.repeat(100_000)])))).toBeUndefined();
  });

  test('turns plain objects into documents and back', () => {
    const id = new bson.ObjectId();
    const source = { _id: id, n: 1.5, list: [{ a: true }], when: new Date(5) };
    expect(docToJs(docFromJs(source))).toEqual(source);
    expect(docFromJs(source).get('_id')).toBeInstanceOf(ObjectId);
  });
});

describe('order of values', () => {
  test('is total: antisymmetric, transitive, and equal to itself', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
        expect(compareValues(a, a)).toBe(0);
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('follows the manual from MinKey to MaxKey', () => {
    const ordered: Value[] = [
      new bson.MinKey(),
      null,
      NaN,
      -Infinity,
      -1n,
      0,
      0.1,
      Decimal128.fromString('0.2'),
      2n ** 53n,
      2n ** 53n + 1n,
      Infinity,
      '',
      'A',
      'a',
      '\uffff',
      '\u{1f44b}',
      new Doc(),
      new Doc(['a'], [1]),
      [],
      [0],
      new bson.Binary(Buffer.from('zz')),
      new bson.Binary(Buffer.from('aaa')),
      ObjectId.fromHex('000000000000000000000000')!,
      false,
      true,
      new Date(-1),
      new Date(0),
      new bson.Timestamp({ t: 1, i: 1 }),
      new bson.BSONRegExp('a'),
      new bson.MaxKey(),
    ];
    expect(ordered.toReversed().toSorted(compareValues)).toEqual(ordered);
  });

  test.each<[Value, Value, boolean]>([
    [1, new Double(1), true],
    [1, 1n, true],
    [1n, Decimal128.fromString('1.0'), true],
    [0, -0, true],
    [NaN, Decimal128.fromString('NaN'), true],
    [0.1, Decimal128.fromString('0.1'), false],
    [2 ** 53, 2n ** 53n + 1n, false],
    [new Doc(['a', 'b'], [1, 2]), new Doc(['b', 'a'], [2, 1]), false],
    ['a', new bson.BSONSymbol('a'), true],
    [null, false, false],
  ])('%p equals %p: %p', (a, b, expected) => {
    expect(equalValues(a, b)).toBe(expected);
  });

  test('identical values agree in type too', () => {
    expect(identicalValues(1, new Double(1))).toBe(false);
    expect(identicalValues(new Doc(['a'], [[1n]]), new Doc(['a'], [[1n]]))).toBe(true);
    expect(identicalValues(0, -0)).toBe(false);
    expect(identicalValues(Decimal128.fromString('1.0'), Decimal128.fromString('1.00'))).toBe(false);
  });
});

describe('arithmetic', () => {
  test.each<[NumberValue, NumberValue, NumberValue | undefined]>([
    [1, 2, 3],
    [2147483647, 1, 2147483648n],
    [1, 2n, 3n],
    [2n ** 63n - 1n, 1, undefined],
    [1, new Double(2), new Double(3)],
    [0.1, 0.2, 0.1 + 0.2],
    [new Double(0.5), 0.5, new Double(1)],
  ])('%p + %p = %p, with the type', (a, b, expected) => {
    const result = arithmetic('add', a, b);
    if (expected === undefined || result === undefined) expect(result).toBe(expected);
    else expect(identicalValues(result, expected)).toBe(true);
  });

  test.each([
    ['0.1', '0.2', '0.3'],
    ['9999999999999999999999999999999999', '1', '1.000000000000000000000000000000000E+34'],
    ['1.10', '1', '2.10'],
    ['Infinity', '-Infinity', 'NaN'],
  ])('decimal %s + %s = %s', (a, b, expected) => {
    expect(String(arithmetic('add', Decimal128.fromString(a), Decimal128.fromString(b)))).toBe(expected);
  });

  test('a product of two int32 beyond int32 is an int64', () => {
    expect(arithmetic('multiply', 65536, 65536)).toBe(4294967296n);
    expect(arithmetic('multiply', -1, 0)).toBe(0);
  });
});
