import type { MessageDto } from '../../../src/shared/dto.js';
import { textFor, type Words } from '../i18n/instance.js';

/** Why a message did not leave: by its code, else in the server's own words; null: nothing is known. */
export function faultText(words: Words, { parts, failure }: Pick<MessageDto, 'parts' | 'failure'>): string | null {
  const part = parts.find(({ error, state }) => error !== null && state !== 'sent');
  if (part === undefined) return failure;
  return (part.fault && textFor(words, 'fault:', part.fault.code, part.fault.params)) ?? part.error;
}
