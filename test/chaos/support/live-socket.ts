import { io, type Socket } from 'socket.io-client';
import type { Ack } from '../../../src/shared/schemas/error.js';

/** The hub answered with an error. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** What a client does with its connection. */
export interface LiveSession {
  /** Asked for at each connection attempt. */
  auth(): Promise<Record<string, unknown>>;
  /** Follows each connection. */
  open(live: LiveSocket): Promise<void>;
  /** Follows `open`, and comes again every 25 s. */
  catchUp(live: LiveSocket): Promise<void>;
}

const CALL_WITHIN = 6_000;
const CATCH_UP_EVERY = 25_000;

/** A socket that comes back by itself, whatever ended it, and catches up when it does and every 25 s (PROTOCOLS 4). */
export class LiveSocket {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly #session: LiveSession;
  #entered: Promise<void> = new Promise(() => undefined);
  #closed = false;

  /**
   * @param url of the namespace.
   */
  constructor(url: string, session: LiveSession) {
    this.#session = session;
    this.#socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      timeout: 5_000,
      auth: (give) => void session.auth().then(give, () => give({})),
    });
    this.#socket.on('connect', () => this.#begin(() => session.open(this).then(() => session.catchUp(this))));
    // Neither a refusal by the namespace nor a disconnect by the server is tried again by the library.
    this.#socket.on('connect_error', () => this.#again());
    this.#socket.on('disconnect', () => this.#again());
    this.#timer = setInterval(() => this.#begin(() => this.#catchUpNext()), CATCH_UP_EVERY);
  }

  on(event: string, hear: (data: never) => void): void {
    this.#socket.on(event, hear as (data: unknown) => void);
  }

  /** Asks once. @throws RefusedError, or Error when no answer came in time. */
  async call<T>(event: string, input: unknown): Promise<T> {
    if (!this.#socket.connected) throw new Error('not connected');
    const ack = (await this.#socket.timeout(CALL_WITHIN).emitWithAck(event, input)) as Ack<T>;
    if (ack.ok) return ack.data;
    throw new RefusedError(ack.error.code, ack.error.message);
  }

  /** Resolves when the session of the present connection is open and caught up. @throws Error when it could not be. */
  entered(): Promise<void> {
    return this.#socket.connected ? this.#entered : Promise.reject(new Error('not connected'));
  }

  /** Does now what the timer would do next. */
  refresh(): Promise<void> {
    this.#begin(() => this.#catchUpNext());
    return this.entered();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#socket.disconnect();
  }

  async #catchUpNext(): Promise<void> {
    await this.#entered;
    await this.#session.catchUp(this);
  }

  #begin(work: () => Promise<void>): void {
    if (!this.#socket.connected) return;
    const { id } = this.#socket;
    this.#entered = work();
    this.#entered.catch(() => {
      if (this.#socket.id === id) this.#socket.disconnect();
    });
  }

  #again(): void {
    if (this.#closed || this.#socket.active) return;
    setTimeout(() => {
      if (!this.#closed) this.#socket.connect();
    }, 300).unref();
  }
}
