import type { ApiError } from '../../../src/shared/schemas/error.js';
import { backoff } from '../core/backoff.js';
import type { SendOutcome } from '../core/drain.js';
import { STRINGS } from '../strings.js';

/** Refusals that repeating cannot change, and what to tell the visitor. */
const FINAL: Record<string, string> = {
  VALIDATION_ERROR: STRINGS.errors.messageRefused,
  NOT_FOUND: STRINGS.errors.messageRefused,
  CONFLICT: STRINGS.errors.messageRefused,
  INVALID_TRANSITION: STRINGS.errors.messageRefused,
  TOO_LARGE: STRINGS.errors.messageTooLong,
  FORBIDDEN: STRINGS.errors.notAllowed,
};

/** Faults that pass by themselves, however often they come. */
const PASSING = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED']);

/** Attempts before an error that is neither final nor known to pass is shown to the visitor. */
const PATIENCE = 5;

/** What follows from a refused send; `attempt` counts from 0. */
export function judgeRefusal(
  { code, retryAfter }: Pick<ApiError, 'code' | 'retryAfter'>,
  attempt: number,
): SendOutcome {
  const reason = FINAL[code];
  if (reason !== undefined) return { kind: 'refused', reason };
  if (code === 'RATE_LIMITED' && retryAfter !== undefined)
    return { kind: 'later', waitMs: retryAfter * 1_000, asked: true };
  if (!PASSING.has(code) && attempt + 1 >= PATIENCE) return { kind: 'refused', reason: STRINGS.errors.messageRefused };
  return { kind: 'later', waitMs: backoff(attempt) };
}
