/**
 * Milliseconds to wait before attempt `n` (0: the first repeat): doubling from one second to half a minute, each spread
 * over ±50 %, so that many visitors do not return at once after an outage.
 */
export const backoff = (n: number, random: () => number = Math.random): number =>
  Math.round(Math.min(30_000, 1_000 * 2 ** n) * (0.5 + random()));
