import { createServer, type Server as NetServer } from 'node:net';
import { chmodSync, rmSync } from 'node:fs';
import { deriveCredentials, type Credentials } from './commands/credentials.js';
import { tooLargeBeforeLogin } from './commands/authentication.js';
import { answer, errorReply } from './commands/dispatch.js';
import type { Server } from './commands/context.js';
import { CursorTable } from './commands/cursor-table.js';
import { REPLICA_SET } from './commands/handshake.js';
import { Operations } from './commands/operations.js';
import { lockDirectory, type DirectoryLock } from './storage/data-directory.js';
import type { Environment } from './storage/environment.js';
import { collectTrash, expireDocuments, expireSessions } from './storage/maintenance.js';
import { openData } from './storage/open-data.js';
import type { Store } from './storage/store.js';
import { SESSION_TIMEOUT_MINUTES, Sessions } from './transaction/sessions.js';
import { encodeDoc } from './values/index.js';
import { Connection, type ConnectionHost } from './wire/connection.js';
import { FrameBudget } from './wire/frame-budget.js';

/** Time that clients have to take their last answers when the store closes. */
const CLOSE_TIMEOUT_MS = 3000;

/** How to start a store. */
export interface StoreOptions {
  /** Directory of the data; created if it is not there. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 or absent for any free one. */
  port?: number;
  /** Path of a Unix socket to listen on instead of a port. */
  socket?: string;
  /** Seconds after which an open transaction is aborted; 5 unless given. */
  transactionLifetimeSeconds?: number;
  /** Password of the user `switchboard`; without one, everybody on this machine may connect. */
  password?: string;
  /** Seconds between removals of expired documents; 60 unless given, as in MongoDB. */
  ttlSeconds?: number;
  /** False acknowledges writes before they are on disk; only to measure what durability costs. True unless given. */
  flush?: boolean;
  /** Told of failures that no client is waiting for. */
  onError?: (error: Error) => void;
}

/** A running store. */
export interface RunningStore {
  /** Connection string for drivers, without credentials. */
  readonly uri: string;
  close(): Promise<void>;
}

/**
 * Opens the data and listens. Throws when another process has the directory open, when a newer version wrote the data,
 * or when the address is taken.
 */
export async function startStore(options: StoreOptions): Promise<RunningStore> {
  const lock = await lockDirectory(options.dataDir);
  let environment: Environment | undefined;
  try {
    const opened = await openData(lock.directory, { flush: options.flush ?? true });
    environment = opened.environment;
    const { store } = opened;
    const credentials = options.password === undefined ? undefined : await deriveCredentials(options.password);
    return await new Running(options, lock, store, credentials).listen();
  } catch (error) {
    await environment?.close();
    await lock.release();
    throw error;
  }
}

class Running {
  private readonly connections = new Set<Connection>();
  private readonly server: Server;
  private readonly listener: NetServer;
  private readonly timer: NodeJS.Timeout;
  private housekeeping: Promise<void> = Promise.resolve();
  private rounds = 0;

  constructor(
    private readonly options: StoreOptions,
    private readonly lock: DirectoryLock,
    private readonly store: Store,
    credentials: Credentials | undefined,
  ) {
    this.server = {
      store,
      sessions: new Sessions(store, options.transactionLifetimeSeconds ?? 5),
      cursors: new CursorTable(),
      operations: new Operations(),
      startedAt: new Date(),
      address: '',
      credentials,
      connections: () => this.connections.size,
    };
    const host: ConnectionHost = {
      needsLogin: credentials !== undefined,
      budget: new FrameBudget(),
      answer: (request, from) => answer(this.server, request, from),
      refusal: (bytes) => encodeDoc(errorReply(tooLargeBeforeLogin(bytes))),
      report: this.report,
    };
    this.listener = createServer((socket) => {
      const connection = new Connection(socket, host);
      this.connections.add(connection);
      socket.on('close', () => {
        this.connections.delete(connection);
        this.server.operations.clientGone(connection);
        this.server.cursors.clientGone(connection);
      });
    });
    this.timer = setInterval(() => this.tidy(), (options.ttlSeconds ?? 60) * 1000);
    this.timer.unref();
  }

  async listen(): Promise<RunningStore> {
    const { socket, port } = this.options;
    if (socket !== undefined) rmSync(socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.listener.once('error', reject);
      if (socket === undefined) this.listener.listen(port ?? 0, '127.0.0.1', resolve);
      else this.listener.listen(socket, resolve);
    });
    if (socket !== undefined) chmodSync(socket, 0o600);
    const bound = this.listener.address();
    this.server.address =
      typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : encodeURIComponent(socket ?? '');
    this.tidy();
    return {
      uri: `mongodb://${this.server.address}/?replicaSet=${REPLICA_SET}&directConnection=true`,
      close: () => this.close(),
    };
  }

  private async close(): Promise<void> {
    clearInterval(this.timer);
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    for (const connection of this.connections) connection.end();
    this.server.sessions.closeAll();
    const impatient = setTimeout(
      () => this.connections.forEach((connection) => connection.destroy()),
      CLOSE_TIMEOUT_MS,
    );
    await closed;
    clearTimeout(impatient);
    await this.housekeeping;
    await this.store.environment.close();
    await this.lock.release();
  }

  private readonly report = (error: unknown): void => {
    this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
  };

  /** Regular work in the background; a round waits for the one before it. */
  private tidy(): void {
    const now = new Date();
    const round = this.rounds++;
    this.server.cursors.sweep(now.getTime());
    this.server.sessions.sweep(now.getTime());
    this.housekeeping = this.housekeeping
      .then(() => collectTrash(this.store))
      .then(() => expireDocuments(this.store, now))
      .then(() => (round % 5 === 0 ? expireSessions(this.store, now, SESSION_TIMEOUT_MINUTES) : undefined))
      .catch(this.report);
  }
}
