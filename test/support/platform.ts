import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AxiosInstance } from 'axios';
import { png } from '../unit/utils/pictures.js';

/** A call of the Send API as the platform got it. */
export interface SentMessage {
  recipient: { id: string };
  message: { text?: string; metadata: string };
}

/** A message of a thread as the Conversations API lists it. */
export interface ListedMessage {
  id: string;
  /** Milliseconds. */
  at: number;
  /** The Page, or the person. */
  from: string;
  message: string;
}

/** What becomes of a send: it is accepted; it is accepted and the answer is lost on its way; it is refused with this body, status 400. */
export type Outcome = 'accept' | 'loseAnswer' | object;

/** The error of a person who cannot be reached; no retry helps. */
export const UNAVAILABLE = {
  error: { message: "(#551) This person isn't available right now", code: 551, error_subcode: 1545041 },
};

const PDF = Buffer.from('%PDF-1.4\n%%EOF\n');
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\x02\0isomiso2', 'latin1')]);
const FILES = /\.(?:fbcdn\.net|fbsbx\.com)$/;

/** Meta's side of the wire on a port of this machine: profiles, the Send API, the threads it tells of, and the files of its CDN. */
export class Platform {
  readonly sent: SentMessage[] = [];
  /** Ids that the next sends are answered with; others get some. */
  readonly ids: string[] = [];
  /** The thread with each person, oldest first. */
  readonly threads = new Map<string, ListedMessage[]>();
  /** Address of everybody's picture. */
  picture: string | null = null;
  firstName = 'Lena';
  /** What lies on the CDN, besides what each path gets by its ending. */
  readonly files = new Map<string, Buffer>();
  /** Paths on the CDN whose files drip, a byte every few milliseconds, until they are taken out; and how many are dripping. */
  readonly dripping = new Set<string>();
  drips = 0;
  /** What becomes of the next sends, and of those after them. */
  readonly outcomes: Outcome[] = [];
  otherwise: Outcome = 'accept';
  /** Answers of sends wait for it. */
  answering: Promise<void> = Promise.resolve();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<Platform> {
    const platform = new Platform();
    platform.#server.listen(0, '127.0.0.1');
    await once(platform.#server, 'listening');
    return platform;
  }

  get texts(): (string | undefined)[] {
    return this.sent.map(({ message }) => message.text);
  }

  /** The thread with a person, to be read and added to. */
  threadWith(person: string): ListedMessage[] {
    const thread = this.threads.get(person) ?? [];
    this.threads.set(person, thread);
    return thread;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Files that a client asks of the platform's CDN come from here. */
  standInForFiles(http: AxiosInstance): void {
    http.interceptors.request.use((config) => {
      const url = new URL(config.url ?? '');
      return FILES.test(url.hostname) ? { ...config, url: `${this.url}/cdn${url.pathname}` } : config;
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    if (pathname.startsWith('/cdn/')) {
      const path = pathname.slice('/cdn'.length);
      if (this.dripping.has(path)) return this.#drip(path, response);
      return void response.end(this.files.get(path) ?? fileFor(path));
    }
    response.setHeader('Content-Type', 'application/json');
    const [, , id = '', edge] = pathname.split('/');
    if (request.method === 'GET' && edge === 'conversations') {
      return void response.end(JSON.stringify(this.#listed(searchParams)));
    }
    if (request.method === 'GET') {
      const picture = this.picture === null ? {} : { profile_pic: this.picture };
      return void response.end(JSON.stringify({ id, first_name: this.firstName, last_name: id.slice(-4), ...picture }));
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = JSON.parse(Buffer.concat(chunks).toString()) as Pick<SentMessage, 'recipient'> & Partial<SentMessage>;
    const person = call.recipient.id;
    // A read mark, or that somebody types.
    if (call.message === undefined) return void response.end(JSON.stringify({ recipient_id: person }));
    this.sent.push(call as SentMessage);
    await this.answering;
    const outcome = this.outcomes.shift() ?? this.otherwise;
    if (typeof outcome === 'object') return void response.writeHead(400).end(JSON.stringify(outcome));
    const message_id = this.ids.shift() ?? `m_sent_${this.sent.length}`;
    this.threadWith(person).push({ id: message_id, at: Date.now(), from: id, message: call.message.text ?? '' });
    if (outcome === 'loseAnswer') return void response.destroy();
    response.end(JSON.stringify({ recipient_id: person, message_id }));
  }

  /** A thread, newest first, as long as asked; what a message says is told of the newest 20 only (Meta's page "Conversations API"). */
  #listed(query: URLSearchParams): object {
    const limit = Number(/limit\((\d+)\)/.exec(query.get('fields') ?? '')?.[1]);
    const thread = this.threadWith(query.get('user_id') ?? '');
    const data = thread.toReversed().slice(0, limit);
    const told = data.map(({ id, at, from, message }, index) => ({
      ...{ id, created_time: new Date(at).toISOString() },
      ...(index < 20 ? { from: { id: from }, message } : {}),
    }));
    return { data: [{ id: 't_1', messages: { data: told } }] };
  }

  #drip(path: string, response: ServerResponse): void {
    this.drips += 1;
    const timer = setInterval(() => {
      if (this.dripping.has(path)) response.write('.');
      else response.end();
    }, 5);
    response.once('close', () => {
      clearInterval(timer);
      this.drips -= 1;
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function fileFor(pathname: string): Buffer {
  if (pathname.endsWith('.pdf')) return PDF;
  return pathname.endsWith('.mp4') ? MP4 : png();
}
