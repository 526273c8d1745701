const POLL_EVERY = 10;

/** Waits until a condition holds. @throws Error naming it after `within` milliseconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, within = 20_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${within} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY));
  }
}
