import type { Socket } from 'node:net';
import { frameLength, parseFrame, ProtocolError, replyFrame, type Request } from './message.js';

/** Answers one request with an encoded BSON document; must not reject. */
export type RequestHandler = (request: Request, connection: Connection) => Promise<Uint8Array>;

/** Requests of one connection that may wait for an answer before reading stops. */
const MAX_QUEUED = 64;

let nextConnectionId = 1;

/** One client connection: cuts frames out of the byte stream and answers them in the order they came. */
export class Connection {
  readonly id = nextConnectionId++;
  /** Set by the authentication commands. */
  authenticated = false;
  private chunks: Buffer[] = [];
  private buffered = 0;
  private needed = 4;
  private queue: Request[] = [];
  private running = false;
  private replyId = 1;
  private ending = false;

  constructor(
    private readonly socket: Socket,
    private readonly handle: RequestHandler,
    private readonly report: (error: Error) => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => socket.destroy());
  }

  /** The address that the client comes from. */
  get peer(): string {
    const { remoteAddress, remotePort } = this.socket;
    return remoteAddress === undefined ? 'anonymous unix socket:0' : `${remoteAddress}:${remotePort ?? 0}`;
  }

  /** Lets a running request finish its answer, then closes the connection. */
  end(): void {
    this.ending = true;
    this.queue = [];
    if (!this.running) this.socket.destroy();
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    if (this.buffered < this.needed) return;
    try {
      this.cutFrames();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.report(error);
      this.socket.destroy();
    }
  }

  private cutFrames(): void {
    let buffer = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks, this.buffered);
    for (;;) {
      const length = frameLength(buffer);
      this.needed = length ?? 4;
      if (length === undefined || buffer.length < length) break;
      this.enqueue(parseFrame(buffer.subarray(0, length)));
      buffer = buffer.subarray(length);
    }
    this.chunks = buffer.length > 0 ? [buffer] : [];
    this.buffered = buffer.length;
  }

  private enqueue(request: Request): void {
    if (this.ending) return;
    this.queue.push(request);
    if (this.queue.length >= MAX_QUEUED) this.socket.pause();
    if (!this.running) void this.drain();
  }

  private async drain(): Promise<void> {
    this.running = true;
    for (let request = this.queue.shift(); request !== undefined; request = this.queue.shift()) {
      const answer = await this.handle(request, this);
      if (!request.moreToCome) this.send(replyFrame(request, this.replyId++, answer));
      if (this.socket.isPaused() && this.queue.length < MAX_QUEUED / 2) this.socket.resume();
    }
    this.running = false;
    if (this.ending) this.socket.end();
  }

  private send(parts: Uint8Array[]): void {
    if (this.socket.destroyed) return;
    if (parts.length > 1) this.socket.cork();
    for (const part of parts) this.socket.write(part);
    if (parts.length > 1) this.socket.uncork();
  }
}
