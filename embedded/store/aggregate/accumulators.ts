import {
  arithmetic,
  compareValues,
  Decimal128,
  decimalOperand,
  divideDecimals,
  Doc,
  double,
  equalValues,
  integer,
  isIntegral,
  isNumber,
  StoreError,
  toDouble,
  type NumberValue,
  type Value,
} from '../values/index.js';
import { isNullish } from './evaluate.js';

/** Collects the values of one group. */
export interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
}

/** Sums numbers: integers exactly, doubles with the rounding error carried along, decimals apart. */
class Sum implements Accumulator {
  count = 0;
  private small = 0;
  private large = 0n;
  private wide = false;
  private doubles = 0;
  private carried = 0;
  private fractional = false;
  private decimal: Decimal128 | undefined;

  add(value: Value | undefined): void {
    if (!isNumber(value)) return;
    this.count++;
    if (value instanceof Decimal128) this.decimal = sumOf(this.decimal, value);
    else if (!isIntegral(value)) this.addDouble(toDouble(value));
    else if (typeof value === 'bigint') {
      this.wide = true;
      this.large += value;
    } else this.addSmall(value);
  }

  private addSmall(value: number): void {
    this.small += value;
    if (Number.isSafeInteger(this.small)) return;
    this.large += BigInt(this.small - value) + BigInt(value);
    this.small = 0;
  }

  private addDouble(value: number): void {
    this.fractional = true;
    const total = this.doubles + value;
    const lost =
      Math.abs(this.doubles) >= Math.abs(value) ? this.doubles - total + value : value - total + this.doubles;
    this.doubles = total;
    if (Number.isFinite(lost)) this.carried += lost;
  }

  result(): NumberValue {
    const whole = this.large + BigInt(this.small);
    if (this.decimal !== undefined) return this.decimalResult(whole, this.decimal);
    if (this.fractional) return double(this.doubles + this.carried + Number(whole));
    return integer(whole, this.wide) ?? double(Number(whole));
  }

  private decimalResult(whole: bigint, decimal: Decimal128): Decimal128 {
    const rest = this.fractional ? double(this.doubles + this.carried) : 0;
    return sumOf(sumOf(decimal, integer(whole, true) ?? double(Number(whole))), rest);
  }
}

function sumOf(a: Decimal128 | undefined, b: NumberValue): Decimal128 {
  return arithmetic('add', a ?? Decimal128.fromString('0'), b) as Decimal128;
}

class Average implements Accumulator {
  private readonly sum = new Sum();

  add(value: Value | undefined): void {
    this.sum.add(value);
  }

  result(): Value {
    const { count } = this.sum;
    if (count === 0) return null;
    const total = this.sum.result();
    if (total instanceof Decimal128) return divideDecimals(decimalOperand(total), decimalOperand(count));
    return double(toDouble(total) / count);
  }
}

class Extreme implements Accumulator {
  private best: Value | undefined;
  private readonly direction: 1 | -1;

  constructor(direction: 1 | -1) {
    this.direction = direction;
  }

  add(value: Value | undefined): void {
    if (value === undefined || isNullish(value)) return;
    if (this.best === undefined || compareValues(value, this.best) * this.direction > 0) this.best = value;
  }

  result(): Value {
    return this.best ?? null;
  }
}

class First implements Accumulator {
  private value: Value | undefined;
  private seen = false;

  add(value: Value | undefined): void {
    if (this.seen) return;
    this.seen = true;
    this.value = value;
  }

  result(): Value {
    return this.value ?? null;
  }
}

class Last implements Accumulator {
  private value: Value | undefined;

  add(value: Value | undefined): void {
    this.value = value;
  }

  result(): Value {
    return this.value ?? null;
  }
}

class Push implements Accumulator {
  private readonly values: Value[] = [];

  add(value: Value | undefined): void {
    if (value !== undefined) this.values.push(value);
  }

  result(): Value {
    return this.values;
  }
}

class AddToSet implements Accumulator {
  private readonly texts = new Set<string>();
  private readonly values: Value[] = [];

  add(value: Value | undefined): void {
    if (value === undefined) return;
    if (typeof value === 'string') {
      if (this.texts.has(value)) return;
      this.texts.add(value);
    } else if (this.values.some((other) => equalValues(other, value))) return;
    this.values.push(value);
  }

  result(): Value {
    return this.values;
  }
}

class Merge implements Accumulator {
  private readonly merged = new Doc();

  add(value: Value | undefined): void {
    if (isNullish(value)) return;
    if (!(value instanceof Doc)) throw new StoreError(40400, '$mergeObjects requires object inputs');
    for (const [key, field] of value) this.merged.set(key, field);
  }

  result(): Value {
    return this.merged;
  }
}

const ACCUMULATORS: Record<string, () => Accumulator> = {
  $sum: () => new Sum(),
  $avg: () => new Average(),
  $min: () => new Extreme(-1),
  $max: () => new Extreme(1),
  $first: () => new First(),
  $last: () => new Last(),
  $push: () => new Push(),
  $addToSet: () => new AddToSet(),
  $mergeObjects: () => new Merge(),
};

/** Gives a maker of accumulators. Throws StoreError 15952 for an unknown name. */
export function accumulator(name: string): () => Accumulator {
  if (!Object.hasOwn(ACCUMULATORS, name)) throw new StoreError(15952, `unknown group operator '${name}'`);
  return ACCUMULATORS[name]!;
}
