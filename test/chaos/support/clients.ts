import type { ConversationDto, CustomerConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { CustomerSync, ListSync, ThreadSync } from '../../../src/shared/schemas/sync.js';
import type { ConnectionEstablished } from '../../../src/shared/schemas/visitor.js';
import { LiveSocket, RefusedError } from './live-socket.js';
import { parseSerial } from './serial.js';
import { ThreadCopy, type CustomerMessageLike } from './thread-copy.js';

interface AgentNews {
  conversation: ConversationDto;
  message: CustomerMessageLike;
}

interface CustomerNews {
  conversation: CustomerConversationDto;
  message: CustomerMessageLike;
}

/** An access token is exchanged this early; it lives 15 minutes. Milliseconds. */
const TOKEN_KEPT = 8 * 60_000;
const REST_WITHIN = 6_000;

/** A member of the team with an open inbox: knows every thread, answers over the socket or over HTTP. */
export class AgentClient {
  readonly threads = new Map<string, ThreadCopy>();
  readonly #url: string;
  readonly #credentials: { email: string; password: string };
  readonly #live: LiveSocket;
  #token: { value: Promise<string>; at: number } | null = null;

  /** @param inboxIds whose conversations are shown. */
  constructor(url: string, credentials: { email: string; password: string }, inboxIds: readonly string[]) {
    this.#url = url;
    this.#credentials = credentials;
    this.#live = new LiveSocket(`${url}/agent`, {
      auth: async () => ({ token: await this.#accessToken() }),
      open: () => Promise.resolve(),
      catchUp: (live) => this.#catchUp(live, inboxIds),
    });
    for (const event of ['customer_message', 'message_created', 'message_updated'])
      this.#live.on(event, ({ conversation, message }: AgentNews) => this.#copyOf(conversation.id).hear(message));
  }

  /** The conversation in which a thread's serial texts stand; null: not heard of yet. */
  conversationOf(thread: string): string | null {
    for (const [id, copy] of this.threads)
      if (copy.shown().some(({ text }) => parseSerial(text)?.thread === thread)) return id;
    return null;
  }

  /** Answers once. @throws Error when it is not known to be stored. */
  async answer(conversationId: string, text: string, attachmentIds: string[], over: 'socket' | 'http'): Promise<void> {
    const input = { text, clientMessageId: text, attachmentIds };
    if (over === 'socket') await this.#live.call('send_message', { conversationId, ...input });
    else await this.#post(`/conversations/${conversationId}/messages`, JSON.stringify(input), 'application/json');
  }

  /** Uploads a small text file. @returns its id. */
  async upload(name: string): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([`This is ${name}.\n`], { type: 'text/plain' }), name);
    const { attachment } = await this.#post<{ attachment: { id: string } }>('/uploads', form);
    return attachment.id;
  }

  ready(): Promise<void> {
    return this.#live.entered();
  }

  refresh(): Promise<void> {
    return this.#live.refresh();
  }

  close(): void {
    this.#live.close();
  }

  #copyOf(conversationId: string): ThreadCopy {
    const known = this.threads.get(conversationId) ?? new ThreadCopy();
    this.threads.set(conversationId, known);
    return known;
  }

  async #catchUp(live: LiveSocket, inboxIds: readonly string[]): Promise<void> {
    for (const inboxId of inboxIds) {
      const view = { kind: 'inbox', inboxId };
      const { ids } = await live.call<ListSync>('sync_list', { view, rows: [] });
      for (const id of ids) this.#copyOf(id);
    }
    for (const [conversationId, copy] of this.threads)
      await copy.catchUp((rev) => live.call<ThreadSync>('sync_thread', { conversationId, rev }));
  }

  #accessToken(): Promise<string> {
    if (this.#token !== null && Date.now() - this.#token.at < TOKEN_KEPT) return this.#token.value;
    const value = this.#logIn();
    this.#token = { value, at: Date.now() };
    value.catch(() => (this.#token = null));
    return value;
  }

  async #logIn(): Promise<string> {
    const response = await fetch(`${this.#url}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(this.#credentials),
      signal: AbortSignal.timeout(REST_WITHIN),
    });
    const answer = (await response.json()) as { data?: { accessToken: string } };
    if (answer.data === undefined) throw new Error(`the log-in was answered ${response.status}`);
    return answer.data.accessToken;
  }

  async #post<T>(path: string, body: string | FormData, contentType?: string): Promise<T> {
    const response = await fetch(`${this.#url}/api${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${await this.#accessToken()}`,
        ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
      },
      body,
      signal: AbortSignal.timeout(REST_WITHIN),
    });
    const answer = (await response.json()) as { data?: T; error?: { code: string; message: string } };
    if (answer.data !== undefined) return answer.data;
    throw new RefusedError(answer.error?.code ?? String(response.status), answer.error?.message ?? 'no reason');
  }
}

/** A visitor with an open chat. */
export class VisitorClient {
  readonly thread = new ThreadCopy();
  readonly #live: LiveSocket;
  #token: string | null = null;
  #conversationId: string | null = null;

  /** @param inboxKey public key of the website's inbox. */
  constructor(url: string, inboxKey: string) {
    this.#live = new LiveSocket(`${url}/customer`, {
      auth: () => Promise.resolve({}),
      open: (live) => this.#open(live, inboxKey),
      catchUp: (live) => this.#catchUp(live),
    });
    for (const event of ['agent_message', 'message_created', 'message_updated'])
      this.#live.on(event, ({ message }: CustomerNews) => this.thread.hear(message));
  }

  /** Writes once. @throws Error when it is not known to be stored. */
  async write(text: string): Promise<void> {
    await this.#live.entered();
    await this.#live.call('customer_message', { text, clientMessageId: text });
  }

  ready(): Promise<void> {
    return this.#live.entered();
  }

  refresh(): Promise<void> {
    return this.#live.refresh();
  }

  close(): void {
    this.#live.close();
  }

  async #open(live: LiveSocket, inboxKey: string): Promise<void> {
    const known = this.#token === null ? {} : { token: this.#token };
    const session = await live.call<ConnectionEstablished>('customer_connect', { inboxKey, ...known });
    this.#token = session.token;
  }

  #catchUp(live: LiveSocket): Promise<void> {
    return this.thread.catchUp(async (rev) => {
      const sync = await live.call<CustomerSync>('sync', { conversationId: this.#conversationId, rev });
      this.#conversationId = sync.conversation?.id ?? this.#conversationId;
      return sync;
    });
  }
}
