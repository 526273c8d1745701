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

const PDF = Buffer.from('%PDF-1.4\n%%EOF\n');
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\x02\0isomiso2', 'latin1')]);
const FILES = /\.(?:fbcdn\.net|fbsbx\.com)$/;

/** The platform's side of the wire on a port of this machine: profiles, the Send API and the files of its CDN. */
export class Platform {
  readonly sent: SentMessage[] = [];
  /** Ids that the next sends are answered with. */
  readonly ids: string[] = [];
  /** Address of everybody's picture. */
  picture: string | null = null;
  firstName = 'Lena';
  /** What lies on the CDN, besides what each path gets by its ending. */
  readonly files = new Map<string, Buffer>();
  /** Paths on the CDN whose files drip, a byte every few milliseconds, until they are taken out; and how many are dripping. */
  readonly dripping = new Set<string>();
  drips = 0;
  /** What the next sends are refused with, status 400; null takes one. */
  readonly refusals: (object | null)[] = [];
  /** Answers of sends wait for it. */
  answering: Promise<void> = Promise.resolve();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<Platform> {
    const platform = new Platform();
    platform.#server.listen(0, '127.0.0.1');
    await once(platform.#server, 'listening');
    return platform;
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
    const { pathname } = new URL(request.url ?? '', this.url);
    if (pathname.startsWith('/cdn/')) {
      const path = pathname.slice('/cdn'.length);
      if (this.dripping.has(path)) return this.#drip(path, response);
      return void response.end(this.files.get(path) ?? fileFor(path));
    }
    response.setHeader('Content-Type', 'application/json');
    if (request.method === 'GET') {
      const [, , id = ''] = pathname.split('/');
      const picture = this.picture === null ? {} : { profile_pic: this.picture };
      return void response.end(JSON.stringify({ id, first_name: this.firstName, last_name: id.slice(-4), ...picture }));
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = JSON.parse(Buffer.concat(chunks).toString()) as SentMessage;
    this.sent.push(call);
    await this.answering;
    const refusal = this.refusals.shift() ?? null;
    if (refusal !== null) return void response.writeHead(400).end(JSON.stringify(refusal));
    response.end(JSON.stringify({ recipient_id: call.recipient.id, message_id: this.ids.shift() }));
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
