import { execFileSync } from 'node:child_process';
import { startStack, type Stack, type StackOptions } from '../../embedded/launcher/stack.js';
import { builtEntries } from '../../test/support/built-entries.js';

/** Starts everything from the built programs, as an installation runs them; builds what is not. */
export function startStackAsBuilt(options: Omit<StackOptions, 'entries'>): Promise<Stack> {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  return startStack({ ...options, entries: builtEntries() });
}
