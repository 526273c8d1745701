/** Longest delay a timer takes. Milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Runs `cut` when a token expires; a token that outlives any timer needs none. */
export function cutAt(expiresAt: number, now: number, cut: () => void): NodeJS.Timeout | undefined {
  const left = expiresAt - now;
  if (left > LONGEST) return undefined;
  return setTimeout(cut, Math.max(left, 0));
}
