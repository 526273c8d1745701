import fc from 'fast-check';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DbPointer,
  Decimal128,
  Doc,
  Double,
  MaxKey,
  MinKey,
  ObjectId,
  ScopedCode,
  Timestamp,
  Undefined,
  type Value,
} from '../../../../embedded/store/values/index.js';

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** Numbers of all four types, with many that are equal or close across types. */
export const numbers: fc.Arbitrary<Value> = fc.oneof(
  fc.integer(),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -3, max: 3 }).map((value) => new Double(value)),
  fc.double().map((value) => ((value | 0) === value && !Object.is(value, -0) ? new Double(value) : value)),
  fc.bigInt(int64),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 53 + 2, 0.1, -0.1, NaN, -0, Infinity, -Infinity),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -25, max: 5 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits}E${exponent}`)),
  fc
    .constantFrom('0.1', '0.10', '-0.1', '1', 'NaN', 'Infinity', '-Infinity', '0')
    .map((text) => Decimal128.fromString(text)),
);

const oids = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => ObjectId.read(bytes, 0));
const names = fc
  .oneof(fc.constantFrom('a', 'b', '0', '1', '10', '__proto__', ''), fc.string({ unit: 'grapheme', maxLength: 5 }))
  .filter((name) => !name.includes('\0'));
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('a', 'a\0', 'a\0b', '\uffff', '\u{10000}'),
);

const scalars: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  { weight: 3, arbitrary: texts },
  fc.constantFrom<Value>(null, true, false, Undefined.value, new MinKey(), new MaxKey()),
  oids,
  fc.integer({ min: -8.64e15, max: 8.64e15 }).map((time) => new Date(time)),
  fc
    .tuple(fc.uint8Array({ maxLength: 5 }), fc.constantFrom(0, 2, 4, 128))
    .map(([bytes, type]) => new Binary(bytes, type)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => new Timestamp(value)),
  fc.tuple(names, fc.constantFrom('', 'i', 'im')).map(([pattern, options]) => new BSONRegExp(pattern, options)),
  texts.map((text) => new BSONSymbol(text)),
  texts.map((text) => new Code(text)),
  fc.tuple(texts, oids).map(([text, id]) => new DbPointer(text, id)),
);

/** Any value, nested up to three levels. */
export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value; doc: Doc }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'value' },
    { weight: 6, arbitrary: scalars },
    { weight: 1, arbitrary: tie('doc') },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }) },
    { weight: 1, arbitrary: fc.tuple(texts, tie('doc')).map(([code, scope]) => new ScopedCode(code, scope)) },
  ),
  doc: fc.array(fc.tuple(names, tie('value')), { maxLength: 3, depthIdentifier: 'value' }).map(
    (pairs) =>
      new Doc(
        pairs.map(([name]) => name),
        pairs.map(([, value]) => value),
      ),
  ),
})).value;

/** Documents of a few arbitrary fields. */
export const docs: fc.Arbitrary<Doc> = fc.array(fc.tuple(names, values), { maxLength: 5 }).map(
  (pairs) =>
    new Doc(
      pairs.map(([name]) => name),
      pairs.map(([, value]) => value),
    ),
);
