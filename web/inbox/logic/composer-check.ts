import { LIMITS } from '../../../src/shared/limits.js';
import { strings } from '../strings.js';

/** Whether a message may go out, and what stands in its way when that is worth saying. */
export function checkMessage(
  text: string,
  files: readonly { state: 'uploading' | 'done' | 'failed' }[],
): { ready: boolean; problem: string | null } {
  if (text.trim().length > LIMITS.messageText) return { ready: false, problem: null };
  if (files.some(({ state }) => state === 'uploading'))
    return { ready: false, problem: strings.composer.waitForUploads };
  if (files.some(({ state }) => state === 'failed')) return { ready: false, problem: strings.composer.removeFailed };
  return { ready: text.trim() !== '' || files.length > 0, problem: null };
}
