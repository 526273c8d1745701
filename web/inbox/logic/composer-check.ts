import { LIMITS } from '../../../src/shared/limits.js';

/**
 * Whether a message may go out, and what stands in its way when that is worth saying: a key of `composer:problem`.
 */
export function checkMessage(
  text: string,
  files: readonly { state: 'uploading' | 'done' | 'failed' }[],
): { ready: boolean; problem: 'uploading' | 'failedFile' | null } {
  if (text.trim().length > LIMITS.messageText) return { ready: false, problem: null };
  if (files.some(({ state }) => state === 'uploading')) return { ready: false, problem: 'uploading' };
  if (files.some(({ state }) => state === 'failed')) return { ready: false, problem: 'failedFile' };
  return { ready: text.trim() !== '' || files.length > 0, problem: null };
}
