/** The bytes of a webhook are not genuine: 401, nothing stored. */
export class ChannelVerificationError extends Error {
  override readonly name = 'ChannelVerificationError';
}

/** The body of a webhook is not JSON or not an envelope the platform sends: 400, nothing stored. */
export class MalformedWebhookError extends Error {
  override readonly name = 'MalformedWebhookError';
}

/** What the hub does about a provider's fault. */
export type ChannelFault =
  /** Again later, with back-off. */
  | 'retry'
  /** The account is limited: hold the inbox's sends. */
  | 'throttled'
  /** The token is dead: hold, mark the inbox, tell the admins. */
  | 'unauthorised'
  /** The app or its permissions are wrong: hold, tell the admins. */
  | 'misconfigured'
  /** The platform punished the account: hold, tell the admins. */
  | 'policy'
  /** The reply window is closed by the platform's word. */
  | 'window_closed'
  /** This recipient cannot be reached. */
  | 'unreachable'
  /** Our request is wrong; never again. */
  | 'rejected'
  /** It may have been sent: settle it before a resend (PROTOCOLS 8). */
  | 'unknown_outcome';

export interface ChannelErrorOptions {
  /** Names the sentence for clients that translate it; without one the fault's own name does. */
  code?: string;
  retryAfterMs?: number | null;
  maxTries?: number | null;
  lastFault?: ChannelFault | null;
  dropUpload?: boolean;
  detail?: Record<string, string | number | boolean | null>;
  cause?: unknown;
}

/** One family for every provider's faults (STYLE 19). `message` is for people; `detail` (codes, trace id) for logs. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly fault: ChannelFault;
  readonly code: string;
  readonly retryAfterMs: number | null;
  /** How often `retry` may be tried at most; null: the hub's default. */
  readonly maxTries: number | null;
  /** What `retry` turns out to be when the last try has failed as well; null: this message has failed. */
  readonly lastFault: ChannelFault | null;
  /** The stored upload id is dead: drop it and upload again. */
  readonly dropUpload: boolean;
  readonly detail: Record<string, string | number | boolean | null>;

  constructor(fault: ChannelFault, message: string, options: ChannelErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fault = fault;
    this.code = options.code ?? fault;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.maxTries = options.maxTries ?? null;
    this.lastFault = options.lastFault ?? null;
    this.dropUpload = options.dropUpload ?? false;
    this.detail = options.detail ?? {};
  }
}
