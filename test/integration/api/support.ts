import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Redis } from 'ioredis';
import { createApp, type AppParts, type HttpApp } from '../../../src/api/app.js';
import { files } from '../../../src/api/files/files.js';
import type { Hub } from '../../../src/hub.js';
import type { Change } from '../../../src/events/change.js';
import { createClientFaults } from '../../../src/logging/client-faults.js';
import { AuditEventModel } from '../../../src/models/index.js';
import { setupCodeOf } from '../../../src/utils/setup-code.js';
import type { ApiError } from '../../../src/shared/schemas/error.js';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import { createLimits } from '../../../src/storage/rate-limits.js';
import { openHub } from '../../support/start-hub.js';
import { loggerTo } from '../../support/loggers.js';

export interface LogLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
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
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opened = await openHub({ ROLE: 'api', PUBLIC_URL: this.url, RATE_LIMIT_ANONYMOUS: '10000', ...settings });
    this.#closing.push(() => opened.stop());
    this.hub = Object.assign(opened.hub, {
      logger: loggerTo((level, _category, message, fields) => void this.logs.push({ level, message, fields })),
      now: () => Date.now() + this.clock.offset,
      emitAfterCommit: (change: Change) => void this.changes.push(change),
    });
    this.redis = opened.redis.producer;
    this.app = createApp(this.hub, {
      redis: this.redis,
      limits: createLimits(this.redis, this.hub.logger),
      faults: createClientFaults(this.hub.logger),
      routers: [files(this.hub)],
      ...parts,
    });
    server.on('request', (request, response) => {
      this.running += 1;
      response.once('close', () => (this.running -= 1));
      this.app.listener(request, response);
    });
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
