/** Resolves with what `look` gives as soon as it is neither false, null nor undefined; rejects after `within` milliseconds. */
export async function waitFor<T>(
  look: () => T | Promise<T>,
  describe: () => unknown = () => 'nothing came',
  within = 30_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${JSON.stringify(await describe())}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
