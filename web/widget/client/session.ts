import type { ApiAnswer } from '../../../src/shared/schemas/error.js';
import type { SessionInput, VisitorSession } from '../../../src/shared/schemas/visitor.js';

/** `refused`: asking the same again is useless; `later`: no connection, or the server cannot answer now. */
export type SessionResult =
  { kind: 'ok'; data: VisitorSession } | { kind: 'refused'; code: string } | { kind: 'later'; waitMs: number | null };

const PASSING = new Set([408, 425, 429]);

/** Seconds of a `Retry-After` header as milliseconds; null when there is none. */
const retryAfter = (response: Response): number | null => {
  const seconds = Number(response.headers.get('retry-after') ?? 'none');
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
};

/** Opens or resumes a visitor session. Never throws. */
export async function requestSession(origin: string, body: SessionInput): Promise<SessionResult> {
  try {
    const response = await fetch(`${origin}/api/widget/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'omit',
      body: JSON.stringify(body),
    });
    if (response.status >= 500 || PASSING.has(response.status)) return { kind: 'later', waitMs: retryAfter(response) };
    const answer = (await response.json()) as ApiAnswer<VisitorSession>;
    return answer.success ? { kind: 'ok', data: answer.data } : { kind: 'refused', code: answer.error.code };
  } catch {
    return { kind: 'later', waitMs: null };
  }
}
