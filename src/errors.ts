/** Error factories with status, code and whether somebody should look at it (STYLE 8, SPEC 12). */

export interface ErrorDetail {
  field: string;
  message: string;
}

/** An error whose message may be shown to the caller. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly status: number;
  readonly code: string;
  readonly details: ErrorDetail[];
  /** Logged with its stack as our own fault. */
  readonly reportable: boolean;
  readonly retryAfterSeconds: number | null;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { details?: ErrorDetail[]; reportable?: boolean; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = options.details ?? [];
    this.reportable = options.reportable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

export const validationError = (details: ErrorDetail[], message = 'Some fields need correcting.') =>
  new AppError(400, 'VALIDATION_ERROR', message, { details });
export const unauthenticated = (message = 'Please log in.') => new AppError(401, 'UNAUTHENTICATED', message);
/** The visitor's token is unknown, expired or of an earlier epoch. */
export const visitorSessionEnded = () => unauthenticated('This chat session has ended. Please open the chat again.');
export const forbidden = (message = 'You do not have permission to do this.') =>
  new AppError(403, 'FORBIDDEN', message);
export const wrongSetupCode = () =>
  new AppError(403, 'FORBIDDEN', 'The set-up code is wrong.', {
    details: [{ field: 'code', message: 'is another one: Switchboard prints it when it starts' }],
  });
export const notFound = (what = 'That') => new AppError(404, 'NOT_FOUND', `${what} was not found.`);
export const conflict = (message = 'Somebody else changed this at the same moment. Please try again.') =>
  new AppError(409, 'CONFLICT', message);
/** @param advice a sentence on what to do, after a space; '' when there is nothing to do. */
export const invalidTransition = (from: string, to: string, advice = '') =>
  new AppError(409, 'INVALID_TRANSITION', `A conversation cannot go from ${from} to ${to}.${advice}`);
export const staleDraft = () =>
  new AppError(
    409,
    'STALE_DRAFT',
    'A colleague has answered since you began to write. Read it, then send again if you still want to.',
  );
export const windowClosed = (message: string) => new AppError(409, 'WINDOW_CLOSED', message);
export const tooLarge = (message = 'That is larger than allowed.') => new AppError(413, 'TOO_LARGE', message);
export const unsupportedMediaType = (message: string) => new AppError(415, 'UNSUPPORTED_MEDIA_TYPE', message);
export const misdirected = (publicUrl: string) =>
  new AppError(
    421,
    'MISDIRECTED',
    `This answers at ${publicUrl} and on this machine only. To use it under another name, set PUBLIC_URL to that address.`,
  );
export const idempotencyKeyReused = () =>
  new AppError(
    422,
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used for another request. Choose a new one for each request.',
  );
export const rateLimited = (retryAfterSeconds: number) =>
  new AppError(429, 'RATE_LIMITED', `Too many tries. Please wait ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
/** @param retryAfterSeconds until the quota begins anew. */
export const uploadQuotaUsedUp = (retryAfterSeconds: number) => {
  const hours = Math.ceil(retryAfterSeconds / 3600);
  const wait = hours <= 1 ? 'an hour' : `${hours} hours`;
  return new AppError(429, 'RATE_LIMITED', `No more files can be taken today. Please try again in ${wait}.`, {
    retryAfterSeconds,
  });
};
export const unavailable = (cause?: unknown) =>
  new AppError(503, 'UNAVAILABLE', 'The service cannot store this right now. Please try again in a moment.', {
    retryAfterSeconds: 2,
    cause,
  });
