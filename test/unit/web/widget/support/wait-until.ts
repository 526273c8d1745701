/** Resolves when `condition` holds; rejects with what `describe` says after `within` milliseconds. */
export async function waitUntil(
  condition: () => boolean,
  describe: () => unknown = () => 'condition never held',
  within = 4_000,
): Promise<void> {
  const deadline = Date.now() + within;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${JSON.stringify(describe())}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
