/** A message of `--check` did not arrive; the sentence says which. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
}
