/** A seeded source of choices (mulberry32): the same seed gives the same cases. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** Makes one of the alternatives, each as often as its weight says. */
  choose<T>(alternatives: readonly (readonly [weight: number, make: () => T])[]): T {
    let left = this.next() * alternatives.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of alternatives) {
      left -= weight;
      if (left < 0) return make();
    }
    return alternatives.at(-1)![1]();
  }

  /** A list of `min` to `max` made values. */
  list<T>(min: number, max: number, make: () => T): T[] {
    return Array.from({ length: this.between(min, max) }, make);
  }

  /** Up to `count` different values of a list, in its order. */
  some<T>(list: readonly T[], count: number): T[] {
    const kept = new Set<number>();
    while (kept.size < Math.min(count, list.length)) kept.add(this.between(0, list.length - 1));
    return list.filter((_, i) => kept.has(i));
  }
}
