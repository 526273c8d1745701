/** A binary heap: the item that comes before all others is at hand. */
export class Heap<T> {
  private readonly items: T[] = [];

  /** @param before whether one item comes before another */
  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  /** The first item; undefined in an empty heap. */
  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items, before } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  /** Puts an item in the place of the first one; also to be called when the first one itself has changed. */
  replaceFirst(item: T): void {
    const { items, before } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child += 1;
      if (!before(items[child]!, item)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
  }

  removeFirst(): void {
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.replaceFirst(last);
  }

  /** Hands over the items, in no order, and is empty afterwards. */
  drain(): T[] {
    return this.items.splice(0);
  }
}
