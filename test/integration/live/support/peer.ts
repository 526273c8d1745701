import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Ack } from '../../../../src/shared/schemas/error.js';
import { until } from '../../../support/until.js';

/** Something the server said to a client: an event, or the answer to a call. */
export interface Frame {
  event: string;
  data: unknown;
}

type Namespace = '/' | '/agent' | '/customer';

interface PeerOptions {
  token?: string;
  origin?: string;
  /** Told by a proxy that the hub trusts. */
  address?: string;
  transports?: ManagerOptions['transports'];
}

/** A bare client that keeps everything it is told. */
export class Peer {
  readonly frames: Frame[] = [];
  /** Why the connection ended; null while it lasts. */
  ended: string | null = null;
  readonly socket: Socket;

  constructor(url: string, namespace: Namespace, options: PeerOptions = {}) {
    const { token, origin, address, transports = ['websocket'] } = options;
    const settings: Partial<ManagerOptions & SocketOptions> = {
      forceNew: true,
      reconnection: false,
      transports,
      ...(token === undefined ? {} : { auth: { token } }),
      extraHeaders: {
        ...(origin === undefined ? {} : { origin }),
        ...(address === undefined ? {} : { 'x-forwarded-for': address }),
      },
    };
    this.socket = io(url + namespace, settings);
    this.socket.onAny((event: string, data: unknown) => this.frames.push({ event, data }));
    this.socket.on('disconnect', (reason) => (this.ended = reason));
  }

  /** Connects, or rejects with the word of the server. */
  static async connect(url: string, namespace: Namespace, options: PeerOptions = {}): Promise<Peer> {
    const peer = new Peer(url, namespace, options);
    await new Promise<void>((resolve, reject) => {
      peer.socket.once('connect', resolve);
      peer.socket.once('connect_error', (error) => {
        peer.close();
        reject(error);
      });
    });
    return peer;
  }

  /** Sends an event and gives its acknowledgement, which counts as something said, too. */
  async call<T = unknown>(event: string, input?: unknown): Promise<Ack<T>> {
    const ack = (await this.socket.timeout(30_000).emitWithAck(event, input)) as Ack<T>;
    this.frames.push({ event: `ack of ${event}`, data: ack });
    return ack;
  }

  /** Like `call`, for calls that must succeed. */
  async data<T>(event: string, input?: unknown): Promise<T> {
    const ack = await this.call<T>(event, input);
    if (!ack.ok) throw new Error(`${event}: ${ack.error.code} ${ack.error.message}`);
    return ack.data;
  }

  /** The code with which a call is refused; null: it succeeded. */
  async refusal(event: string, input?: unknown): Promise<string | null> {
    const ack = await this.call(event, input);
    return ack.ok ? null : ack.error.code;
  }

  events(name: string): unknown[] {
    return this.frames.filter(({ event }) => event === name).map(({ data }) => data);
  }

  /** Waits until an event of this name has come that `fits`. */
  heard<T>(name: string, fits: (data: T) => boolean = () => true): Promise<T> {
    return until(
      () => ({ waitingFor: name, heard: this.frames.map(({ event }) => event) }),
      () => (this.events(name) as T[]).find(fits),
    );
  }

  cutByServer(): Promise<string> {
    return until(() => this.ended);
  }

  close(): void {
    this.socket.disconnect();
  }
}
