import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the Send API is to answer to a text: its id, or an error that no retry helps. */
export type Verdict = 'accept' | 'refuse';

/** The few answers of Meta's Graph API that a hub needs to send: message ids, or "this person isn't available". */
export class Graph {
  verdict: Verdict = 'accept';
  /** Texts in the order of their arrival. */
  readonly texts: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<Graph> {
    const graph = new Graph();
    await new Promise<void>((resolve) => graph.#server.listen(0, '127.0.0.1', resolve));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const unknown = { status: 400, body: { error: { message: 'Unknown object', code: 100, error_subcode: 33 } } };
    if (request.method !== 'POST') return unknown;
    const sent = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      recipient: { id: string };
      message?: { text?: string };
    };
    const recipient_id = sent.recipient.id;
    if (sent.message === undefined) return { status: 200, body: { recipient_id } };
    if (this.verdict === 'refuse') {
      const error = { message: "(#551) This person isn't available right now", code: 551, error_subcode: 1545041 };
      return { status: 400, body: { error } };
    }
    this.texts.push(sent.message.text ?? '');
    return { status: 200, body: { recipient_id, message_id: `m_sent_${this.texts.length}` } };
  }
}
