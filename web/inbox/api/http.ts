import type { ApiAnswer } from '../../../src/shared/dto.js';
import { ApiFailure, unreachable } from './failure.js';
import type { Session } from './session.js';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 15_000;

/** One request without a session. Throws ApiFailure. */
export async function call<T>(fetch: Fetch, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw unreachable();
  });
  return readAnswer(response.status, await response.text().catch(() => ''), response.headers.get('Retry-After'));
}

/** Opens the envelope of an answer. Throws ApiFailure for an error, and for an answer that is none of ours. */
export function readAnswer<T>(status: number, text: string, retryAfter: string | null): T {
  const answer = parse<T>(text);
  if (answer?.success === true && status < 400) return answer.data;
  const error = answer?.success === false ? answer.error : { code: `HTTP_${status}`, message: '' };
  throw new ApiFailure(status, error, retryAfterMs(retryAfter));
}

/** Makes requests in the reader's name; a refused token is renewed once and the request repeated. */
export class HttpClient {
  readonly session: Session;
  readonly #fetch: Fetch;

  constructor(session: Session, fetch: Fetch) {
    this.session = session;
    this.#fetch = fetch;
  }

  request<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.withToken((token) => call<T>(this.#fetch, method, path, body, token));
  }

  /** Runs a request with the current token, and once more with a renewed one after a 401. Throws ApiFailure. */
  async withToken<T>(run: (token: string) => Promise<T>): Promise<T> {
    const token = this.session.data.get()?.accessToken ?? '';
    try {
      return await run(token);
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 401) throw error;
      const renewed = await this.session.renew(token);
      if (renewed === null) throw error;
      return run(renewed.accessToken);
    }
  }
}

function parse<T>(text: string): ApiAnswer<T> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'success' in value ? (value as ApiAnswer<T>) : null;
  } catch {
    return null;
  }
}

function retryAfterMs(header: string | null): number | null {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}
