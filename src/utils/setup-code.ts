import { createHmac, timingSafeEqual } from 'node:crypto';

/** Crockford's base 32: nothing that is easily taken for something else. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;

/**
 * The code that the first admin has to know: `ABCD-EFGH-JKMN-PQRS`, 80 bits. It follows from JWT_SECRET, so that every process of an
 * installation names the same one at each start and nothing is stored.
 */
export function setupCodeOf(jwtSecret: string): string {
  const bytes = createHmac('sha256', jwtSecret).update('set-up code').digest().subarray(0, LENGTH);
  const digits = [...bytes].map((byte) => DIGITS[byte % DIGITS.length]).join('');
  return digits.match(/.{4}/g)?.join('-') ?? digits;
}

/** Whether somebody typed the code; case, spaces and dashes do not matter. */
export function isSetupCode(typed: string, jwtSecret: string): boolean {
  const bytes = (text: string): Buffer =>
    createHmac('sha256', jwtSecret).update(text.toUpperCase().replace(/[\s-]/g, '')).digest();
  return timingSafeEqual(bytes(typed), bytes(setupCodeOf(jwtSecret)));
}
