/** Lets work run side by side, or one piece of it with nothing else beside it. Who asks for the latter goes before those who come later. */
export class SharedLock {
  #running = 0;
  #whenEmpty: (() => void) | null = null;
  /** Settled when nobody runs alone or waits to. */
  #free: Promise<unknown> = Promise.resolve();
  #alone = 0;

  /** Runs beside others, once nobody runs alone or waits to. */
  async shared<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone > 0) await this.#free;
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#whenEmpty?.();
    }
  }

  /** Runs with nothing beside it, one after the other in the order of asking. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    this.#alone += 1;
    const turn = this.#free.then(async () => {
      await this.#emptied();
      return work();
    });
    this.#free = turn.then(
      () => (this.#alone -= 1),
      () => (this.#alone -= 1),
    );
    return turn;
  }

  #emptied(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => (this.#whenEmpty = resolve));
  }
}
