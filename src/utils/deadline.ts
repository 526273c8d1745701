/** The outcome is unknown: the work was not finished in its time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Settles with `work`, or rejects with DeadlineError after `ms`; a late rejection of `work` is swallowed. */
export async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`not finished within ${ms} ms`)), ms);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
