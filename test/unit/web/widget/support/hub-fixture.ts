import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type DefaultEventsMap, type Socket } from 'socket.io';
import type { AttachmentDto } from '../../../../../src/shared/schemas/attachment.js';
import type { CustomerConversationDto } from '../../../../../src/shared/schemas/conversation.js';
import type { Ack } from '../../../../../src/shared/schemas/error.js';
import type { CustomerMessageDto } from '../../../../../src/shared/schemas/message.js';
import type { CustomerToServer, ServerToCustomer } from '../../../../../src/shared/socket-catalogue/index.js';
import { AGENT, buildConversation, buildMessage } from './build.js';

type CustomerSocket = Socket<CustomerToServer, ServerToCustomer, DefaultEventsMap, { contactId: string }>;
type CustomerInput = Parameters<CustomerToServer['customer_message']>[0];

interface StoredConversation {
  contactId: string;
  dto: CustomerConversationDto;
  messages: CustomerMessageDto[];
}

export interface HubFixtureOptions {
  /** Messages per answer of `sync`. */
  pageSize?: number;
  /** Other requests than those of the widget. */
  serve?: (request: IncomingMessage, response: ServerResponse) => void;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type, authorization',
};

/** A hub in memory that keeps the visitor's side of the contract: sessions, `/customer`, catch-up by revision. */
export class HubFixture {
  readonly conversations: StoredConversation[] = [];
  readonly attachments = new Map<string, AttachmentDto>();
  readonly receipts: { conversationId: string; deliveredUpTo?: number; readUpTo?: number }[] = [];
  readonly typing: boolean[] = [];
  readonly sessionBodies: Record<string, unknown>[] = [];
  /** What sites said of their visitors, by contact, in the order of storing. */
  readonly attributes: { contactId: string; given: unknown }[] = [];
  /** Decides before storing attributes: the status of a refusal. */
  onAttributes: () => number | null = () => null;
  /** Every `customer_message` that came in, repeats included, by its `clientMessageId`. */
  readonly received: string[] = [];
  readonly syncs: { conversationId: string | null; rev: number }[] = [];
  /** Decides before storing: an error code refuses; `drop` stores, but the connection breaks before the answer. */
  onSend: (input: CustomerInput) => string | 'drop' | null = () => null;
  private readonly tokens = new Map<string, string>();
  private readonly http: HttpServer;
  private io: Server<CustomerToServer, ServerToCustomer, DefaultEventsMap, { contactId: string }>;
  private clock = 1_700_000_000_000;
  private port = 0;

  constructor(private readonly options: HubFixtureOptions = {}) {
    this.http = createServer((request, response) => void this.answer(request, response));
    this.io = this.attach();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    this.port = (this.http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.io.close();
  }

  /** Cuts every live connection, as a fault of the network would. */
  cut(): void {
    for (const socket of this.io.of('/customer').sockets.values()) socket.conn.close();
  }

  /** Accepts no connection until told otherwise. */
  refuseSockets = false;

  openSession(identityId?: string): { token: string; contactId: string } {
    const contactId = identityId ?? `contact-${this.tokens.size + 1}`;
    const token = randomUUID();
    this.tokens.set(token, contactId);
    return { token, contactId };
  }

  /** Ends a token and every connection that came with it. */
  endToken(token: string): void {
    this.tokens.delete(token);
    for (const socket of this.io.of('/customer').sockets.values())
      if (socket.handshake.auth.token === token) socket.disconnect(true);
  }

  current(contactId: string): StoredConversation | null {
    return (
      this.conversations.find((stored) => stored.contactId === contactId && stored.dto.status !== 'closed') ?? null
    );
  }

  begin(contactId: string): StoredConversation {
    const n = this.conversations.length + 1;
    const stored = { contactId, dto: buildConversation({ id: `c${n}`, number: `TKT-${n}`, rev: 0 }), messages: [] };
    this.conversations.push(stored);
    return stored;
  }

  /** Stores a message of the team and tells it live; `live: false` leaves it to catch-up. */
  say(stored: StoredConversation, part: Partial<CustomerMessageDto>, { live = true } = {}): CustomerMessageDto {
    const message = this.store(stored, { sender: AGENT, ...part });
    if (live) this.room(stored).emit('agent_message', { message, conversation: stored.dto });
    return message;
  }

  change(stored: StoredConversation, id: string, part: Partial<CustomerMessageDto>, { live = true } = {}): void {
    const rev = this.move(stored);
    stored.messages = stored.messages.map((message) => (message.id === id ? { ...message, ...part, rev } : message));
    const message = stored.messages.find((candidate) => candidate.id === id);
    if (live && message) this.room(stored).emit('message_updated', { message, conversation: stored.dto });
  }

  changeConversation(stored: StoredConversation, part: Partial<CustomerConversationDto>, { live = true } = {}): void {
    this.move(stored);
    stored.dto = { ...stored.dto, ...part };
    if (live) this.room(stored).emit('conversation_updated', { conversation: stored.dto });
  }

  tellTyping(stored: StoredConversation, isTyping: boolean): void {
    this.room(stored).emit('agent_typing', { conversationId: stored.dto.id, isTyping });
  }

  private room(stored: StoredConversation) {
    return this.io.of('/customer').to(stored.contactId);
  }

  private move(stored: StoredConversation): number {
    const rev = stored.dto.rev + 1;
    stored.dto = { ...stored.dto, rev, version: stored.dto.version + 1 };
    return rev;
  }

  private store(stored: StoredConversation, part: Partial<CustomerMessageDto>): CustomerMessageDto {
    const rev = this.move(stored);
    const id = `${stored.dto.id}-m${rev}`;
    const base = { id, conversationId: stored.dto.id, seq: rev, rev, orderAt: (this.clock += 1_000) };
    const message = buildMessage({ ...base, ...part });
    stored.messages.push(message);
    return message;
  }

  private attach(): typeof this.io {
    const io: typeof this.io = new Server(this.http, { cors: { origin: '*' } });
    const customers = io.of('/customer');
    customers.use((socket, next) => {
      const contactId = this.tokens.get(String(socket.handshake.auth.token));
      if (contactId === undefined || this.refuseSockets) return next(new Error('refused'));
      socket.data.contactId = contactId;
      void socket.join(contactId);
      next();
    });
    customers.on('connection', (socket) => this.listen(socket));
    return io;
  }

  private listen(socket: CustomerSocket): void {
    const { contactId } = socket.data;
    socket.on('customer_message', (input, answer) => {
      const ack = this.receive(contactId, input, socket);
      if (ack !== null) answer?.(ack);
    });
    socket.on('customer_typing', ({ isTyping }, answer) => {
      this.typing.push(isTyping);
      answer?.({ ok: true, data: null });
    });
    socket.on('receipt', (receipt, answer) => {
      this.receipts.push(receipt);
      answer?.({ ok: true, data: null });
    });
    socket.on('sync', (input, answer) => {
      this.syncs.push(input);
      const own = this.conversations.filter((stored) => stored.contactId === contactId);
      const stored =
        input.conversationId === null
          ? this.current(contactId)
          : own.find(({ dto }) => dto.id === input.conversationId);
      if (stored === undefined) {
        answer?.({ ok: false, error: { code: 'NOT_FOUND', message: 'There is no such conversation' } });
      } else if (stored === null) {
        answer?.({ ok: true, data: { conversation: null, messages: [], rev: 0, more: false } });
      } else {
        answer?.({ ok: true, data: this.page(stored, input.rev) });
      }
    });
  }

  private page(stored: StoredConversation, rev: number) {
    const size = this.options.pageSize ?? 100;
    const newer = stored.messages.filter((message) => message.rev > rev).sort((a, b) => a.rev - b.rev);
    const messages = newer.slice(0, size);
    const more = newer.length > size;
    return { conversation: stored.dto, messages, more, rev: more ? (messages.at(-1)?.rev ?? rev) : stored.dto.rev };
  }

  private receive(
    contactId: string,
    input: CustomerInput,
    socket: CustomerSocket,
  ): Ack<{ message: CustomerMessageDto; conversation: CustomerConversationDto }> | null {
    const clientMessageId = input.clientMessageId ?? null;
    this.received.push(clientMessageId ?? '');
    for (const stored of this.conversations) {
      const known = stored.messages.find((message) => message.clientMessageId === clientMessageId);
      if (known) return { ok: true, data: { message: known, conversation: stored.dto } };
    }
    const verdict = this.onSend(input);
    if (verdict !== null && verdict !== 'drop') return { ok: false, error: { code: verdict, message: 'Refused' } };
    const stored = this.current(contactId) ?? this.begin(contactId);
    const attachments = (input.attachmentIds ?? []).flatMap((id) => this.attachments.get(id) ?? []);
    const message = this.store(stored, { text: input.text ?? null, clientMessageId, attachments });
    if (verdict === 'drop') {
      socket.conn.close();
      return null;
    }
    socket.to(contactId).emit('message_created', { message, conversation: stored.dto });
    return { ok: true, data: { message, conversation: stored.dto } };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0] ?? '';
    if (request.method === 'OPTIONS') {
      response.writeHead(204, CORS).end();
    } else if (path === '/api/widget/session') {
      const body = JSON.parse((await readBody(request)).toString('utf8')) as Record<string, unknown>;
      this.sessionBodies.push(body);
      this.json(response, this.session(body));
    } else if (path === '/api/widget/uploads') {
      this.json(response, this.upload(await readBody(request)));
    } else if (this.options.serve !== undefined) {
      this.options.serve(request, response);
    } else {
      response.writeHead(404).end();
    }
  }

  private session(body: Record<string, unknown>): { status: number; body: unknown } {
    const fail = (status: number, code: string) => ({
      status,
      body: { success: false, error: { code, message: code } },
    });
    const identity = body.identity as { id: string; hash: string } | undefined;
    if (body.inboxKey !== 'key') return fail(404, 'NOT_FOUND');
    if (identity !== undefined && identity.hash !== 'good') return fail(403, 'FORBIDDEN');
    const known = typeof body.token === 'string' ? this.tokens.get(body.token) : undefined;
    if (typeof body.token === 'string' && known === undefined) return fail(401, 'UNAUTHENTICATED');
    const keep = known !== undefined && (identity === undefined || identity.id === known);
    const { token, contactId } = keep
      ? { token: String(body.token), contactId: known }
      : this.openSession(identity?.id);
    if (known !== undefined && !keep) this.endToken(String(body.token));
    if (body.attributes !== undefined) {
      const refusal = this.onAttributes();
      if (refusal !== null) return fail(refusal, refusal === 401 ? 'UNAUTHENTICATED' : 'REFUSED');
      this.attributes.push({ contactId, given: body.attributes });
    }
    const inbox = { id: 'i1', name: 'Radhaus' };
    const conversation = this.current(contactId)?.dto ?? null;
    return { status: 200, body: { success: true, data: { token, contactId, inbox, conversation } } };
  }

  private upload(body: Buffer): { status: number; body: unknown } {
    const name = /filename="([^"]*)"/.exec(body.toString('latin1'))?.[1] ?? 'file';
    const attachment: AttachmentDto = {
      id: randomUUID(),
      kind: 'file',
      name,
      mimeType: 'application/octet-stream',
      size: body.length,
      state: 'stored',
      url: `/files/${name}`,
      link: null,
      details: [],
    };
    this.attachments.set(attachment.id, attachment);
    return { status: 200, body: { success: true, data: { attachment } } };
  }

  private json(response: ServerResponse, answer: { status: number; body: unknown }): void {
    response.writeHead(answer.status, { ...CORS, 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
