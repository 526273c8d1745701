import type { Context, Next } from 'koa';
import { z } from 'zod';
import { AppError, tooLarge, unsupportedMediaType, validationError } from '../errors.js';
import type { ClientFaults } from '../logging/client-faults.js';
import { requestIdOf } from './middleware/request-context.js';
import type { Logger } from '../logging/logger.js';
import type { ApiAnswer } from '../shared/schemas/error.js';
import { asStoreFault } from '../storage/in-transaction.js';
import { describeIssues } from '../utils/describe-issues.js';

const GENERIC: Record<number, { code: string; message: string }> = {
  400: { code: 'VALIDATION_ERROR', message: 'This request cannot be understood.' },
  404: { code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  405: { code: 'METHOD_NOT_ALLOWED', message: 'This address does not take that method.' },
  413: { code: 'TOO_LARGE', message: 'That is larger than allowed.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'This kind of content is not taken here.' },
};

/** The error a status alone allows to tell; null for a status that is nobody's to see. */
export function errorOfStatus(status: number): AppError | null {
  if (status < 400 || status >= 500) return null;
  const { code, message } = GENERIC[status] ?? { code: 'BAD_REQUEST', message: 'This request was refused.' };
  return new AppError(status, code, message);
}

/**
 * What a body parser's fault means. Parsers name the status differently, and their messages may hold the body itself, so
 * neither message nor fields of theirs go on.
 */
export function bodyFault(error: unknown): AppError {
  const { status, statusCode, httpCode } = error as { status?: number; statusCode?: number; httpCode?: number };
  const known = status ?? statusCode ?? httpCode ?? 400;
  if (known === 413) return tooLarge();
  if (known === 415) return unsupportedMediaType('The encoding of this body is not supported.');
  return validationError([], 'The body of this request cannot be read. Is it complete and well-formed?');
}

/** The error as its caller may see it; everything unexpected becomes a 500 that tells nothing. */
export function toAppError(error: unknown): AppError {
  const fault = asStoreFault(error);
  if (fault instanceof AppError) return fault;
  if (fault instanceof z.ZodError) return validationError(describeIssues(fault, 'input'));
  if (isClientFault(fault)) return errorOfStatus(fault.status) ?? internal(fault);
  return internal(fault);
}

const isClientFault = (error: unknown): error is { status: number } =>
  error instanceof Error &&
  'expose' in error &&
  error.expose === true &&
  'status' in error &&
  typeof error.status === 'number';

const internal = (cause: unknown): AppError =>
  new AppError(500, 'INTERNAL', 'Something went wrong on our side. Please try again.', { reportable: true, cause });

/** The envelope of a refusal (SPEC 12). @param requestId what a person may report where the fault is ours. */
export function errorAnswer(error: AppError, requestId?: string): ApiAnswer<never> {
  const isOurs = error.status === 500 && requestId !== undefined;
  const message = isOurs ? `${error.message} If it happens again, report number ${requestId}.` : error.message;
  const details = error.details.length === 0 ? {} : { details: error.details };
  return { success: false, error: { code: error.code, message, ...details } };
}

/** What Node calls it when the other end of a connection is gone. */
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']);

/** Whether an error says only that the client has cut its own request off. */
export function isCutOff(error: unknown, { req }: Pick<Context, 'req'>): boolean {
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown };
  return req.socket.destroyed && (type === 'request.aborted' || (typeof code === 'string' && GONE.has(code)));
}

function log(logger: Logger, faults: ClientFaults, error: AppError, ctx: Context): void {
  const fields = { method: ctx.method, path: ctx.path, status: error.status, code: error.code };
  if (isCutOff(error.cause, ctx)) faults.note('http', 'CUT_OFF', fields);
  else if (error.reportable) logger.error('http', 'request failed', { ...fields, error: error.cause ?? error });
  else if (error.status >= 500) logger.warn('http', 'request refused', { ...fields, error: error.cause ?? error });
  else faults.note('http', error.code, fields);
}

/** Renders whatever is thrown further in; logs what is our fault once (STYLE 8), and counts what is the client's. */
export const renderErrors =
  (logger: Logger, faults: ClientFaults) =>
  async (ctx: Context, next: Next): Promise<void> => {
    try {
      await next();
    } catch (thrown) {
      const error = toAppError(thrown);
      log(logger.with({ requestId: requestIdOf(ctx) }), faults, error, ctx);
      ctx.status = error.status;
      if (error.retryAfterSeconds !== null) ctx.set('Retry-After', String(error.retryAfterSeconds));
      ctx.set('Cache-Control', 'no-store');
      ctx.body = errorAnswer(error, requestIdOf(ctx));
    }
  };
