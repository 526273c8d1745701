import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** Iterations of PBKDF2, as MongoDB's default for SCRAM-SHA-256. */
export const ITERATIONS = 15_000;

/** What the server keeps of the password (RFC 5802, section 3). */
export interface Credentials {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Derives the keys of a password; the password itself is not kept. */
export async function deriveCredentials(password: string): Promise<Credentials> {
  const salt = randomBytes(28);
  const salted = await promisify(pbkdf2)(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  return { salt, storedKey: createHash('sha256').update(clientKey).digest(), serverKey: hmac(salted, 'Server Key') };
}

/** HMAC-SHA-256 of a text. */
export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
