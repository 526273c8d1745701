import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../embedded/sandbox/messenger/sandbox.js';
import type { Message, Person, Rule } from '../../../embedded/sandbox/messenger/types.js';
import { proofOf } from '../../../embedded/sandbox/messenger/wire.js';

export const APP = {
  appId: '729481550316284',
  appSecret: 'test_app_secret_0123456789abcdef',
  verifyToken: 'verify-me',
};
export const PAGE = { id: '104829637715402', token: 'EAAtestpagetoken', name: 'Example Bikes' };

export type Json = Record<string, unknown>;

/** One webhook as it came in. */
export interface Received {
  raw: string;
  genuine: boolean;
  contentType: string | undefined;
  body: { object: string; entry: { id: string; time: number; messaging?: Json[]; standby?: Json[] }[] };
}

/** A small stand-in for the hub: checks signatures, answers what it is told, keeps everything. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Posts that are forms: callbacks. */
  forms: URLSearchParams[];
  /** Statuses of the next answers; 200 when empty. */
  answers: number[];
  /** Every event that came in, accepted or not, oldest first. */
  events(): Json[];
  eventsWith(key: string): Json[];
  challenges: number;
  close(): Promise<void>;
}

export async function startReceiver(verifyToken = APP.verifyToken): Promise<Receiver> {
  const received: Received[] = [];
  const forms: URLSearchParams[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET') {
      receiver.challenges += 1;
      const known = url.searchParams.get('hub.verify_token') === verifyToken;
      response.writeHead(known && url.searchParams.get('hub.mode') === 'subscribe' ? 200 : 403);
      response.end(known ? url.searchParams.get('hub.challenge') : '');
      return;
    }
    void bodyOf(request).then((bytes) => {
      const contentType = request.headers['content-type'];
      if (contentType !== 'application/json') forms.push(new URLSearchParams(bytes.toString('utf8')));
      else
        received.push({
          raw: bytes.toString('latin1'),
          genuine: isGenuine(bytes, String(request.headers['x-hub-signature-256'])),
          contentType,
          body: JSON.parse(bytes.toString('utf8')) as Received['body'],
        });
      response.writeHead(answers.shift() ?? 200);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const events = (): Json[] =>
    received.flatMap(({ body }) => body.entry.flatMap(({ messaging, standby }) => messaging ?? standby ?? []));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/messenger`,
    received,
    forms,
    answers,
    challenges: 0,
    events,
    eventsWith: (key) => events().filter((event) => key in event),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function isGenuine(bytes: Buffer, header: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', APP.appSecret).update(bytes).digest('hex')}`);
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export interface Answer {
  status: number;
  body: Json;
  headers: Headers;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, body: isJson ? (JSON.parse(text) as Json) : { text }, headers: response.headers };
}

/** A sandbox with its receiver, and short names for what tests do with them. */
export class Bench {
  person!: Person;

  private constructor(
    readonly sandbox: Sandbox,
    readonly receiver: Receiver,
    readonly dir: string,
  ) {}

  static async start(options: Partial<SandboxOptions> = {}, receiver?: Receiver): Promise<Bench> {
    const hub = receiver ?? (await startReceiver());
    const dir = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const sandbox = await startSandbox({
      port: 0,
      webhookUrl: hub.url,
      ...APP,
      dataDir: dir,
      pages: [PAGE],
      backoffMs: [20, 40],
      reorderHoldMs: 300,
      ...options,
    });
    const bench = new Bench(sandbox, hub, dir);
    const [person] = [...sandbox.ledger.people.values()];
    if (person === undefined) throw new Error('no demo people');
    bench.person = person;
    return bench;
  }

  async stop(): Promise<void> {
    await this.sandbox.close();
    await this.receiver.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A call of the scripting API. */
  async script(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answer> {
    const init: RequestInit = { method };
    if (body !== undefined) {
      init.headers = { 'Content-Type': 'application/json' };
      init.body = JSON.stringify(body);
    }
    return answerOf(await fetch(`${this.sandbox.url}/sandbox/api${path}`, init));
  }

  async says(text: string): Promise<Message> {
    const { status, body } = await this.script(`/people/${this.person.id}/messages`, { text });
    if (status !== 201) throw new Error(`the person could not write: ${JSON.stringify(body)}`);
    return body as unknown as Message;
  }

  async rule(rule: Json): Promise<Rule> {
    const { status, body } = await this.script('/rules', rule);
    if (status !== 201) throw new Error(`no such rule: ${JSON.stringify(body)}`);
    return body as unknown as Rule;
  }

  /** A Graph call with a good token and proof. */
  async graph(path: string, body?: unknown, init: RequestInit = {}): Promise<Answer> {
    const url = new URL(`${this.sandbox.url}/v25.0/${path}`);
    if (!url.searchParams.has('appsecret_proof')) {
      url.searchParams.set('appsecret_proof', proofOf(PAGE.token, APP.appSecret));
    }
    const headers = { Authorization: `Bearer ${PAGE.token}`, 'Content-Type': 'application/json' };
    return answerOf(
      await fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...init,
      }),
    );
  }

  /** A text of the hub. */
  send(text: string, extras: Json = {}, message: Json = {}): Promise<Answer> {
    return this.graph(`${PAGE.id}/messages`, {
      recipient: { id: this.person.id },
      messaging_type: 'RESPONSE',
      message: { text, ...message },
      ...extras,
    });
  }

  /** Texts of the thread as the ledger has them. */
  async thread(): Promise<Message[]> {
    return (await this.script(`/ledger?person=${this.person.id}`)).body.messages as Message[];
  }
}

/** Code and subcode of an error answer. */
export function codes({ body }: Answer): [number, number | null] {
  const error = body.error as { code: number; error_subcode?: number };
  return [error.code, error.error_subcode ?? null];
}
