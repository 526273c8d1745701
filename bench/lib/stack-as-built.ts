import { execFileSync } from 'node:child_process';
import { startStack, type Stack, type StackOptions } from '../../embedded/launcher/stack.js';
import { builtEntries } from '../../test/support/built-entries.js';
import { NO_LIMITS } from '../../test/support/no-limits.js';

/** Builds the programs and pages that changed since they were built. */
export const buildProducts = (): void =>
  void execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });

/** Starts everything from the built programs, as an installation runs them, but without limits: the load comes from one address. */
export function startStackAsBuilt(options: Omit<StackOptions, 'entries'>): Promise<Stack> {
  buildProducts();
  return startStack({ ...options, entries: builtEntries(), env: { ...NO_LIMITS, ...options.env } });
}
