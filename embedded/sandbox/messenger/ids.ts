import { createHash, randomBytes, randomInt } from 'node:crypto';

/** App id under which the platform's own Page inbox sends (MESSENGER Conversation Routing). */
export const PAGE_INBOX_APP_ID = '263902037430900';

/** A message id of the platform's present form: `m_` and 86 base64url characters. */
export function newMid(): string {
  return `m_${randomBytes(65).toString('base64url').slice(0, 86)}`;
}

/** Trace id as error payloads carry it. */
export function newTraceId(): string {
  return `A${randomBytes(17).toString('base64url').slice(0, 22)}`;
}

/** A numeric id of 16 digits, safe as a JSON number too. */
export function newNumericId(): string {
  return `${randomInt(1, 9)}${randomInt(0, 1e8).toString().padStart(8, '0')}${randomInt(0, 1e7).toString().padStart(7, '0')}`;
}

/** Short id for things that only the sandbox names (calls, webhooks, rules, files). */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('base64url')}`;
}

/** The same words give the same numeric id, so that demo people keep theirs over a fresh start. */
export function stableNumericId(...words: string[]): string {
  const digest = createHash('sha256').update(words.join('\n')).digest();
  const digits = (digest.readBigUInt64BE() % 10n ** 15n).toString().padStart(15, '0');
  return `7${digits}`;
}
