import type { CustomerConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { ApiAnswer } from '../../../src/shared/schemas/error.js';

/** A signed-in user of the host page; `hash` is the HMAC by which the site vouches for `id` (SPEC 3.3). */
export interface Identity {
  id: string;
  name?: string;
  email?: string;
  hash: string;
}

/** Where the visitor is, for the team. */
export interface VisitedPage {
  url: string;
  title?: string;
  referrer?: string;
}

/** Body of `POST /api/widget/session`. */
export interface SessionRequest {
  inboxKey: string;
  token?: string;
  identity?: Identity;
  attributes?: Record<string, string>;
  page?: VisitedPage;
}

/** What a visitor session consists of. */
export interface SessionData {
  token: string;
  contactId: string;
  inbox: { id: string; name: string };
  conversation: CustomerConversationDto | null;
}

/** `refused`: asking the same again is useless; `later`: no connection, or the server cannot answer now. */
export type SessionResult =
  { kind: 'ok'; data: SessionData } | { kind: 'refused'; code: string } | { kind: 'later'; waitMs: number | null };

const PASSING = new Set([408, 425, 429]);

/** Seconds of a `Retry-After` header as milliseconds; null when there is none. */
const retryAfter = (response: Response): number | null => {
  const seconds = Number(response.headers.get('retry-after') ?? 'none');
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
};

/** Opens or resumes a visitor session. Never throws. */
export async function requestSession(origin: string, body: SessionRequest): Promise<SessionResult> {
  try {
    const response = await fetch(`${origin}/api/widget/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'omit',
      body: JSON.stringify(body),
    });
    if (response.status >= 500 || PASSING.has(response.status)) return { kind: 'later', waitMs: retryAfter(response) };
    const answer = (await response.json()) as ApiAnswer<SessionData>;
    return answer.success ? { kind: 'ok', data: answer.data } : { kind: 'refused', code: answer.error.code };
  } catch {
    return { kind: 'later', waitMs: null };
  }
}
