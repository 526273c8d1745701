import type { Socket } from 'node:net';
import { SMALL_FRAME_BYTES, type FrameBudget } from './frame-budget.js';
import {
  frameHeader,
  frameLength,
  HEADER_BYTES,
  MAX_HANDSHAKE_BYTES,
  parseFrame,
  ProtocolError,
  replyFrame,
  type FrameHeader,
  type Request,
} from './message.js';

/** What a connection needs from the server that it belongs to. */
export interface ConnectionHost {
  /** Clients have to log in first; until then only the small messages of the handshake are read. */
  readonly needsLogin: boolean;
  readonly budget: FrameBudget;
  /** Answers one request with an encoded BSON document; must not reject. */
  answer(request: Request, connection: Connection): Promise<Uint8Array>;
  /** The answer to a message of so many bytes that came before log-in. */
  refusal(bytes: number): Uint8Array;
  /** Told of a connection that broke the protocol. */
  report(error: Error): void;
}

/** Requests of one connection that may wait for an answer before reading stops. */
const MAX_QUEUED = 64;
/** Time that a refused client has for taking the answer, in milliseconds. */
const FAREWELL_MS = 1000;

let nextConnectionId = 1;

/** One client connection: cuts frames out of the byte stream and answers them in the order they came. */
export class Connection {
  readonly id = nextConnectionId++;
  /** Set by the authentication commands. */
  authenticated = false;
  private chunks: Buffer[] = [];
  private buffered = 0;
  private needed = HEADER_BYTES;
  private queue: Request[] = [];
  private running = false;
  private replyId = 1;
  private ending = false;
  /** Sent after the last answer of an ending connection. */
  private farewell: Uint8Array[] = [];
  /** Gives back the room of the large frame that is being read. */
  private leaveRoom: (() => void) | undefined;
  /** Reasons for which reading is stopped. */
  private readonly stops = new Set<'queue' | 'room'>();

  constructor(
    private readonly socket: Socket,
    private readonly host: ConnectionHost,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.leaveRoom?.());
  }

  /** The client has gone, or was sent away. */
  get closed(): boolean {
    return this.socket.destroyed;
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
    if (this.ending) return;
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    if (this.buffered < this.needed) return;
    try {
      this.cutFrames();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.host.report(error);
      this.socket.destroy();
    }
  }

  private cutFrames(): void {
    let buffer = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks, this.buffered);
    for (;;) {
      const length = frameLength(buffer);
      this.needed = length ?? HEADER_BYTES;
      if (length === undefined) break;
      if (this.host.needsLogin && !this.authenticated && length > MAX_HANDSHAKE_BYTES) {
        this.refuse(frameHeader(buffer), length);
        return;
      }
      if (buffer.length < length) {
        if (length > SMALL_FRAME_BYTES) this.askForRoom(length);
        break;
      }
      this.leaveRoom?.();
      this.leaveRoom = undefined;
      this.enqueue(parseFrame(buffer.subarray(0, length)));
      buffer = buffer.subarray(length);
    }
    this.chunks = buffer.length > 0 ? [buffer] : [];
    this.buffered = buffer.length;
  }

  /** Answers a message that is too large for a client that has not logged in, reads nothing more, and hangs up. */
  private refuse(header: FrameHeader, length: number): void {
    this.chunks = [];
    this.ending = true;
    this.farewell = replyFrame(header, this.replyId++, this.host.refusal(length));
    if (!this.running) this.sayFarewell();
  }

  private sayFarewell(): void {
    this.send(this.farewell);
    this.socket.end();
    // A client that goes on sending would lose the answer with the connection, so what it sends is taken and dropped.
    if (this.farewell.length > 0) setTimeout(() => this.socket.destroy(), FAREWELL_MS).unref();
  }

  private askForRoom(length: number): void {
    if (this.leaveRoom !== undefined) return;
    this.stop('room');
    this.leaveRoom = this.host.budget.reserve(
      length,
      () => this.goOn('room'),
      () => this.socket.destroy(),
    );
  }

  private stop(reason: 'queue' | 'room'): void {
    this.stops.add(reason);
    this.socket.pause();
  }

  private goOn(reason: 'queue' | 'room'): void {
    if (this.stops.delete(reason) && this.stops.size === 0) this.socket.resume();
  }

  private enqueue(request: Request): void {
    if (this.ending) return;
    this.queue.push(request);
    if (this.queue.length >= MAX_QUEUED) this.stop('queue');
    if (!this.running) void this.drain();
  }

  private async drain(): Promise<void> {
    this.running = true;
    for (let request = this.queue.shift(); request !== undefined; request = this.queue.shift()) {
      const answer = await this.host.answer(request, this);
      if (!request.moreToCome) this.send(replyFrame(request, this.replyId++, answer));
      if (this.queue.length < MAX_QUEUED / 2) this.goOn('queue');
    }
    this.running = false;
    if (this.ending) this.sayFarewell();
  }

  private send(parts: Uint8Array[]): void {
    if (this.socket.destroyed) return;
    if (parts.length > 1) this.socket.cork();
    for (const part of parts) this.socket.write(part);
    if (parts.length > 1) this.socket.uncork();
  }
}
