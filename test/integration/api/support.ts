import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { Redis } from 'ioredis';
import messenger from '../../../channels/messenger/index.js';
import web from '../../../channels/web/index.js';
import type { ChannelAdapter } from '../../../channels/types.js';
import { createApp, type AppParts, type HttpApp } from '../../../src/api/app.js';
import type { Hub } from '../../../src/hub.js';
import { loadEnv, type Env } from '../../../src/env.js';
import type { Change } from '../../../src/events/change.js';
import { createClientFaults } from '../../../src/logging/client-faults.js';
import type { LogContext, Logger } from '../../../src/logging/logger.js';
import { AuditEventModel } from '../../../src/models/index.js';
import { setupCodeOf } from '../../../src/utils/setup-code.js';
import { ensureIndexes } from '../../../src/storage/ensure-indexes.js';
import type { ApiError } from '../../../src/shared/schemas/error.js';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import { createLimits } from '../../../src/storage/rate-limits.js';
import { connectStore, disconnectStore } from '../../../src/storage/mongo.js';
import { openTestStore } from '../../support/test-store.js';

export interface LogLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

function memoryLogger(lines: LogLine[], own: LogContext = {}): Logger {
  const at =
    (level: string) =>
    (_category: string, message: string, fields: Record<string, unknown> = {}): void =>
      void lines.push({ level, message, fields: { ...own, ...fields } });
  const logger: Logger = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    with: (context) => memoryLogger(lines, { ...own, ...context }),
  };
  return logger;
}

const refuse = (): never => {
  throw new Error('not part of this test');
};

function createHub(env: Env, world: TestApp): Hub {
  return {
    env,
    logger: memoryLogger(world.logs),
    now: () => Date.now() + world.clock.offset,
    channels: new Map<string, ChannelAdapter>([
      [web.name, web],
      [messenger.name, messenger as ChannelAdapter],
    ]),
    http: axios.create(),
    blobs: { put: refuse, open: refuse, stat: refuse, delete: refuse },
    installId: 'test',
    hints: { inbound: () => undefined, outbound: () => undefined, consumer: () => undefined, timer: () => undefined },
    consumers: [],
    emitAfterCommit: (change) => void world.changes.push(change),
  } satisfies Hub;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed envelope; an answer that is not JSON leaves it empty. */
  body: { success?: boolean; data?: unknown; error?: ApiError };
  text: string;
}

interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** A 500 is part of the test. */
  faultExpected?: boolean;
}

export interface Account {
  accessToken: string;
  refreshToken: string;
  id: string;
  email: string;
}

export const PASSWORD = 'correct horse battery';

/** A whole application on a random port, with its own store and Redis. */
export class TestApp {
  readonly clock = { offset: 0 };
  readonly changes: Change[] = [];
  readonly logs: LogLine[] = [];
  hub!: Hub;
  app!: HttpApp;
  url = '';
  /** Requests that are being answered. */
  running = 0;
  redis!: Redis;
  readonly #closing: (() => Promise<unknown>)[] = [];

  /** @param options settings of the environment and parts of the application that differ from the usual. */
  static async start(options: { env?: Record<string, string>; parts?: Partial<AppParts> } = {}): Promise<TestApp> {
    const test = new TestApp();
    try {
      await test.#open(options.env ?? {}, options.parts ?? {});
    } catch (error) {
      await test.stop();
      throw error;
    }
    return test;
  }

  async #open(settings: Record<string, string>, parts: Partial<AppParts>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-api-'));
    this.#closing.push(() => rm(folder, { recursive: true, force: true }));
    const store = await openTestStore(folder);
    this.#closing.push(() => store.close());
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = loadEnv([web, messenger], {
      NODE_ENV: 'test',
      PUBLIC_URL: this.url,
      MONGODB_URI: store.uri,
      REDIS_URL: 'redis://127.0.0.1:1',
      JWT_SECRET: 'j'.repeat(40),
      ENCRYPTION_KEY: 'ab'.repeat(32),
      RATE_LIMIT_ANONYMOUS: '10000',
      ...settings,
    });
    this.hub = createHub(env, this);
    await connectStore(store.uri, this.hub.logger);
    this.#closing.push(disconnectStore);
    await ensureIndexes(store.uri);
    this.redis = await this.#startRedis(folder);
    this.app = createApp(this.hub, {
      redis: this.redis,
      limits: createLimits(this.redis, this.hub.logger),
      faults: createClientFaults(this.hub.logger),
      ...parts,
    });
    server.on('request', (request, response) => {
      this.running += 1;
      response.once('close', () => (this.running -= 1));
      this.app.listener(request, response);
    });
  }

  async #startRedis(folder: string): Promise<Redis> {
    const socket = join(folder, 'redis.sock');
    const child = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]);
    this.#closing.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    await readUntil(child, 'eady to accept connections');
    const client = new Redis(socket, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1_000 });
    this.#closing.push(async () => {
      if (client.status !== 'end') client.disconnect();
    });
    client.on('error', () => undefined);
    await once(client, 'ready');
    return client;
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { token, body, headers = {} } = options;
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status === 500 && options.faultExpected !== true)
      throw new Error(`${method} ${path} failed`, { cause: this.logs.at(-1)?.fields['error'] });
    const isJson = answer.headers.get('Content-Type')?.includes('json') === true;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: isJson ? (JSON.parse(text) as Answer['body']) : {},
    };
  }

  /** Makes the first admin. */
  async setUp(): Promise<Account> {
    const email = 'ada@example.com';
    const answer = await this.call('POST', '/api/setup', {
      body: { code: setupCodeOf(this.hub.env.JWT_SECRET), name: 'Ada', email, password: PASSWORD },
    });
    return accountOf(answer);
  }

  /** Adds somebody to the team and logs them in. */
  async addUser(admin: Account, role: 'admin' | 'supervisor' | 'agent', name: string = role): Promise<Account> {
    const email = `${name}@example.com`;
    const body = { name, email, password: PASSWORD, role };
    const made = await this.call('POST', '/api/users', { token: admin.accessToken, body });
    if (made.status !== 201) throw new Error(made.text);
    return this.logIn(email);
  }

  async logIn(email: string): Promise<Account> {
    return accountOf(await this.call('POST', '/api/auth/login', { body: { email, password: PASSWORD } }));
  }

  async auditTypes(): Promise<string[]> {
    return (await AuditEventModel.find().sort({ _id: 1 }).lean()).map((event) => event.type);
  }

  async stop(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
  }
}

function accountOf(answer: Answer): Account {
  if (answer.body.success !== true) throw new Error(answer.text);
  const { accessToken, refreshToken, user } = answer.body.data as {
    accessToken: string;
    refreshToken: string;
    user: UserDto;
  };
  return { accessToken, refreshToken, id: user.id, email: user.email };
}

function readUntil(child: ChildProcessWithoutNullStreams, mark: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`ended before "${mark}": ${text}`)));
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes(mark)) resolve();
    });
  });
}
