import type { ApiError } from '../../../src/shared/dto.js';
import type { Words } from '../i18n/instance.js';
import type { SendOutcome } from '../logic/outbox.js';
import { refusalText, type Refusal } from '../logic/refusal.js';

/** A request that did not succeed. `status` 0: nobody answered. `message` is the server's sentence; '' if it gave none. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string;
  readonly details: NonNullable<ApiError['details']>;
  /** How long the server asks to wait, in milliseconds; null: it does not say. */
  readonly retryAfterMs: number | null;

  constructor(status: number, error: ApiError, retryAfterMs: number | null = null) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.details = error.details ?? [];
    this.retryAfterMs = retryAfterMs;
  }
}

export const unreachable = (): ApiFailure => new ApiFailure(0, { code: 'UNREACHABLE', message: '' });

/** Anything that was thrown, as a reason that can be told later. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiFailure)) return { code: 'UNKNOWN', message: '' };
  return { code: error.code, message: error.message };
}

/** A sentence for people about anything that was thrown. */
export const messageOf = (words: Words, error: unknown): string => refusalText(words, refusalOf(error));

/** Whether the reader may not see it or it does not exist. */
export const isGone = (error: unknown): boolean =>
  error instanceof ApiFailure && (error.status === 403 || error.status === 404);

const RATE_LIMITED = 429;

/** How long the server wants not to be asked again, in milliseconds; null: it does not say so. */
export const waitAskedFor = (error: unknown): number | null =>
  error instanceof ApiFailure && error.status === RATE_LIMITED ? error.retryAfterMs : null;

/** Statuses after which the same request may succeed; 401 means that the session is being renewed or has ended. */
const PASSING = new Set([0, 401, 408, RATE_LIMITED, 502, 503, 504]);

/** What a failed send means for its outbox item. */
export function outcomeOf(error: unknown): SendOutcome {
  if (!(error instanceof ApiFailure)) return { kind: 'refused', error: refusalOf(error) };
  if (error.code === 'STALE_DRAFT') return { kind: 'stale' };
  if (PASSING.has(error.status)) {
    return { kind: 'later', afterMs: error.retryAfterMs, asked: waitAskedFor(error) !== null };
  }
  return { kind: 'refused', error: refusalOf(error) };
}
