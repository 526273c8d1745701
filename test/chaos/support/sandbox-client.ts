import type { Message, Person, RuleMode, Webhook } from '../../../embedded/sandbox/messenger/types.js';

/** The sandbox's scripting API (docs/sandbox.md), as far as these tests use it. */
export interface SandboxClient {
  addPerson(firstName: string): Promise<Person>;
  write(personId: string, text: string, withSticker: boolean): Promise<void>;
  follow(personId: string, ref: string): Promise<void>;
  /** Every message, in the order in which the platform accepted them. */
  ledger(): Promise<Message[]>;
  /** Events that the hub has not taken yet. */
  queued(): Promise<Webhook[]>;
  /** Makes every send take this long; the message is accepted at the end. */
  delaySends(ms: number): Promise<void>;
}

/** @param url of a running sandbox. */
export function createSandboxClient(url: string): SandboxClient {
  const call = async <T>(path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/sandbox/api${path}`, {
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const delay = (ms: number): RuleMode => ({ type: 'delay', ms });
  return {
    addPerson: (firstName) => call('/people', { firstName }),
    write: async (personId, text, withSticker) => {
      const attachments = withSticker ? [{ type: 'sticker' }] : [];
      await call(`/people/${personId}/messages`, { text, attachments });
    },
    follow: async (personId, ref) => {
      await call(`/people/${personId}/referrals`, { ref });
    },
    ledger: async () => (await call<{ messages: Message[] }>('/ledger')).messages,
    queued: () => call('/webhooks?state=queued'),
    delaySends: async (ms) => {
      await call('/rules', { kind: 'send', times: null, mode: delay(ms) });
    },
  };
}
