import {
  BSONSymbol,
  Decimal128,
  double,
  Double,
  isNumber,
  ObjectId,
  StoreError,
  Timestamp,
  toDecimal128,
  decimalOperand,
  toDouble,
  typeName,
  isIntegral,
  type Value,
} from '../values/index.js';

/** A number as text with 16 significant digits, the way the C format `%.16g` writes it. */
export function formatDouble(value: number | bigint): string {
  if (typeof value === 'bigint' || (Number.isInteger(value) && Math.abs(value) < 1e16))
    return Object.is(value, -0) ? '-0' : String(value);
  if (!Number.isFinite(value)) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential(15).split('e');
  const power = Number(exponent);
  const trimmed = digits.replace(/\.?0+$/, '');
  if (power >= -5 && power < 16) return value.toFixed(Math.max(15 - power, 0)).replace(/\.?0+$/, '');
  return `${trimmed}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function unsupported(value: Value, target: string): StoreError {
  return new StoreError(
    241,
    `Unsupported conversion from ${typeName(value)} to ${target} in $convert with no onError value`,
  );
}

function unparsable(text: string, target: string): StoreError {
  return new StoreError(241, `Failed to parse ${target} '${text}' in $convert with no onError value`);
}

/** `$toString`. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Decimal128) return value.toString();
  if (isNumber(value)) return formatDouble(typeof value === 'bigint' ? value : toDouble(value));
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Date) return value.toISOString();
  throw unsupported(value, 'string');
}

/** `$toInt` and `$toLong`: cut towards zero; dates only give int64. */
export function toInteger(value: Value, target: 'int' | 'long'): number | bigint {
  const whole = wholeOf(value, target);
  const bits = target === 'int' ? 31n : 63n;
  if (whole < -(2n ** bits) || whole >= 2n ** bits) {
    throw new StoreError(
      241,
      `Conversion would overflow target type in $convert with no onError value: ${String(whole)}`,
    );
  }
  return target === 'int' ? Number(whole) : whole;
}

function wholeOf(value: Value, target: 'int' | 'long'): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Date && target === 'long') return BigInt(value.getTime());
  if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw unparsable(value, 'number');
    return BigInt(value.replace(/^\+/, ''));
  }
  if (!isNumber(value)) throw unsupported(value, target);
  if (isIntegral(value)) return BigInt(value);
  const number = value instanceof Double ? value.value : Number(value.toString());
  if (!Number.isFinite(number)) {
    throw new StoreError(
      241,
      'Attempt to convert NaN or infinity value to integer type in $convert with no onError value',
    );
  }
  return value instanceof Decimal128 ? truncatedDecimal(value) : BigInt(Math.trunc(number));
}

function truncatedDecimal(value: Decimal128): bigint {
  const decimal = decimalOperand(value);
  if (typeof decimal === 'number') return 0n;
  const { coefficient, exponent } = decimal;
  return exponent >= 0 ? coefficient * 10n ** BigInt(exponent) : coefficient / 10n ** BigInt(-exponent);
}

const NUMERIC_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** `$toDouble`. */
export function toDoubleValue(value: Value): Value {
  if (typeof value === 'boolean') return double(value ? 1 : 0);
  if (value instanceof Date) return double(value.getTime());
  if (isNumber(value)) return double(toDouble(value));
  if (typeof value !== 'string') throw unsupported(value, 'double');
  if (!NUMERIC_TEXT.test(value)) throw unparsable(value, 'number');
  return double(Number(value));
}

/** `$toDecimal`. */
export function toDecimalValue(value: Value): Decimal128 {
  if (value instanceof Decimal128) return value;
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (isNumber(value)) return toDecimal128(decimalOperand(value));
  if (typeof value !== 'string') throw unsupported(value, 'decimal');
  if (!NUMERIC_TEXT.test(value)) throw unparsable(value, 'number');
  return Decimal128.fromString(value);
}

/** `$toBool`: numbers by being other than zero, everything else is true. */
export function toBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  return !isNumber(value) || toDouble(value) !== 0;
}

/** `$toObjectId`. */
export function toObjectId(value: Value): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw unsupported(value, 'objectId');
  const id = ObjectId.fromHex(value);
  if (id === undefined) throw unparsable(value, 'objectId');
  return id;
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/;

/** `$toDate`; text must be an ISO 8601 date, without an offset it is UTC. */
export function toDate(value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.timestamp();
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000);
  if (typeof value === 'string') return parseDate(value);
  if (!isNumber(value) || (typeof value === 'number' && isIntegral(value))) throw unsupported(value, 'date');
  const date = new Date(Math.trunc(toDouble(value)));
  if (Number.isNaN(date.getTime()))
    throw new StoreError(241, 'Conversion would overflow target type in $convert with no onError value');
  return date;
}

function parseDate(text: string): Date {
  if (!ISO_DATE.test(text)) throw unparsable(text, 'date');
  const joined = text.replace(' ', 'T').replace(' ', '');
  const date = new Date(
    /(Z|[+-]\d{2}:?\d{2})$/.test(joined.slice(10)) ? joined.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : utc(joined),
  );
  if (Number.isNaN(date.getTime())) throw unparsable(text, 'date');
  return date;
}

function utc(text: string): string {
  return text.length === 10 ? text : `${text}Z`;
}
