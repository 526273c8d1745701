import { isAxiosError } from 'axios';
import { ChannelError, type ChannelErrorOptions, type ChannelFault } from '../errors.js';
import { FAULTS, SENTENCES, type FaultRow, type Saying } from './fault-table.js';
import { integer, record, text, type Json } from './fields.js';

/** What a call leaves behind if it took effect without our learning of it: a message, or nothing that matters. */
export type CallEffect = 'message' | 'nothing';

/** An answer that is not success. */
export interface FailedAnswer {
  status: number;
  /** Null: the body is not JSON (5xx answers are often HTML or empty). */
  body: Json | null;
  /** How long the usage headers ask to wait, milliseconds. */
  regainMs: number | null;
  effect: CallEffect;
  /** The call named an earlier upload, which may be what is wrong. */
  usesUpload: boolean;
}

/** A fault that says one of the sentences, with the code by which clients translate it. */
export const saying = (fault: ChannelFault, says: Saying, options: ChannelErrorOptions = {}): ChannelError =>
  new ChannelError(fault, SENTENCES[says], { ...options, code: `messenger_${says}` });

/** The ChannelError for a refused call: by `code` and `error_subcode`, never by the wording. */
export function answerFault(answer: FailedAnswer): ChannelError {
  const error = record(answer.body?.error);
  const code = integer(error?.code);
  const subcode = integer(error?.error_subcode);
  const row = (code === null ? null : rowOf(code, subcode)) ?? defaultRow(answer, error);
  const isUnsure = answer.effect === 'message' && answer.status >= 500 && row.isVague === true;
  const fault = isUnsure ? 'unknown_outcome' : harmless(row.fault, answer.effect);
  return saying(fault, isUnsure ? 'unknownOutcome' : row.says, {
    retryAfterMs: fault === 'throttled' ? answer.regainMs : null,
    maxTries: fault === 'retry' ? (row.maxTries ?? null) : null,
    lastFault: fault === 'retry' ? (row.lastFault ?? null) : null,
    dropUpload: answer.usesUpload && (row.dropUpload ?? false),
    detail: { status: answer.status, code, subcode, traceId: text(error?.fbtrace_id) },
  });
}

function rowOf(code: number, subcode: number | null): FaultRow | null {
  const isProfileError = code >= 2_018_000 && code <= 2_018_999;
  return (
    FAULTS.get(`${code}/${subcode ?? ''}`) ??
    FAULTS.get(`${code}/`) ??
    (isProfileError ? { fault: 'rejected', says: 'rejected' } : null)
  );
}

function defaultRow(answer: FailedAnswer, error: Json | null): FaultRow {
  if (answer.status === 429) return { fault: 'throttled', says: 'throttled' };
  const isTemporary = answer.status >= 500 || error?.is_transient === true;
  if (isTemporary) return { fault: 'retry', says: 'down', isVague: true };
  if (answer.status < 300) return { fault: 'unknown_outcome', says: 'unknownOutcome' };
  return { fault: 'rejected', says: 'rejected' };
}

/** A call without effect on the contact can simply be made again. */
function harmless(fault: ChannelFault, effect: CallEffect): ChannelFault {
  return fault === 'unknown_outcome' && effect === 'nothing' ? 'retry' : fault;
}

/** Failures to look up a name or to connect: nothing was written. */
const CONNECT_SYSCALLS = new Set(['connect', 'getaddrinfo']);
const NOT_WRITTEN =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|CERT_\w+|ERR_TLS_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|UNABLE_TO_\w+)$/;

/**
 * The ChannelError for a call without an answer. The axios error does not become its cause: that holds the access token.
 */
export function transportFault(error: unknown, effect: CallEffect): ChannelError {
  const code = codeOf(error);
  const detail = { transport: code };
  if (effect === 'nothing' || wasNotWritten(error, code)) {
    return saying('retry', 'unreachable', { detail });
  }
  return saying('unknown_outcome', 'unknownOutcome', { detail });
}

function codeOf(error: unknown): string {
  return text(record(error)?.code) ?? (error instanceof Error ? error.name : 'unknown');
}

function wasNotWritten(error: unknown, code: string): boolean {
  const source = isAxiosError(error) ? record(error.cause) : record(error);
  return NOT_WRITTEN.test(code) || CONNECT_SYSCALLS.has(text(source?.syscall) ?? '');
}
