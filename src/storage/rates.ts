import type { Env } from '../env.js';
import type { Rate } from '../shared/words.js';
import { limitAddress } from '../utils/client-address.js';
import type { LimitPolicy, Limits } from './rate-limits.js';

/** Whose rates count. */
export type Party = 'visitor' | 'staff';

/** Who does something. */
export interface Doer {
  party: Party;
  /** The identity, the user, or what else stands for one of them; null: only the address counts. */
  person: string | null;
  /** Of their connection, as `limitAddress` takes it. */
  address: string;
}

const A_MINUTE = 60;

const SETTINGS = {
  visitor: {
    messages: 'RATE_LIMIT_VISITOR_MESSAGES',
    typing: 'RATE_LIMIT_VISITOR_TYPING',
    sync: 'RATE_LIMIT_VISITOR_SYNC',
    other: 'RATE_LIMIT_VISITOR_OTHER',
  },
  staff: {
    messages: 'RATE_LIMIT_STAFF_MESSAGES',
    typing: 'RATE_LIMIT_STAFF_TYPING',
    sync: 'RATE_LIMIT_STAFF_SYNC',
    other: 'RATE_LIMIT_STAFF_OTHER',
  },
} as const;

/**
 * Counts one act for who does it, and for their address, whichever way it comes: sockets and HTTP share the counts. It waits for no
 * round trip (see `Limits.take`).
 * @throws AppError 429 with the seconds to wait.
 */
export async function countRate(env: Env, limits: Limits, rate: Rate, { party, person, address }: Doer): Promise<void> {
  const points = env[SETTINGS[party][rate]];
  const policy: LimitPolicy = { name: `${party}-${rate}`, points, seconds: A_MINUTE };
  if (person !== null) await limits.take(policy, person);
  const together = { ...policy, name: `${policy.name}-address`, points: points * env.RATE_LIMIT_ADDRESS_FACTOR };
  await limits.take(together, limitAddress(address));
}
