import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startStack, type Stack } from '../../../embedded/launcher/stack.js';
import { Sandbox } from '../../support/sandbox.js';
import { Agent } from './agent.js';
import { Complaints, openBrowser, openPage } from './browser.js';
import { Phone } from './phone.js';
import { Visitor } from './visitor.js';

const DIST = join(import.meta.dirname, '../../../dist');

/** What was built; the sources would have to be compiled at each start. */
const ENTRIES = {
  store: join(DIST, 'embedded/store/main.js'),
  sandbox: join(DIST, 'embedded/sandbox/messenger/main.js'),
  hub: join(DIST, 'src/main.js'),
  seed: join(DIST, 'scripts/seed.js'),
};

/** Names of the demo's inboxes. */
export const WEBSITE = 'Radhaus website';
export const MESSENGER = 'Radhaus on Messenger';

type PageOptions = Parameters<typeof openPage>[2];

/** The whole demo and a browser to use it with. */
export class Demo {
  readonly complaints = new Complaints();
  readonly sandbox: Sandbox;

  private constructor(
    readonly stack: Stack,
    readonly browser: Browser,
    private readonly folder: string,
  ) {
    this.sandbox = new Sandbox(stack.urls.sandbox ?? '');
  }

  static async start(): Promise<Demo> {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-browser-'));
    const stack = await startStack({ dataDir: folder, entries: ENTRIES });
    try {
      return new Demo(stack, await openBrowser(), folder);
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.stack.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get hubUrl(): string {
    return this.stack.urls.hub;
  }

  openPage(options?: PageOptions): Promise<Page> {
    return openPage(this.browser, this.complaints, options);
  }

  /** The log-in of the first demo user of a role. */
  logIn(role: string): { email: string; password: string } {
    const login = this.stack.demo.users.find((user) => user.role === role);
    if (login === undefined) throw new Error(`The demo has no ${role}.`);
    return { email: login.email, password: login.password };
  }

  /** Somebody of the team at the inbox, logged in. */
  async agent(role = 'agent', options?: PageOptions): Promise<Agent> {
    const agent = new Agent(await this.openPage(options), this.hubUrl);
    await agent.logIn(this.logIn(role));
    return agent;
  }

  /** Somebody new on the shop's page with the chat open. */
  async visitor(options?: PageOptions): Promise<Visitor> {
    const visitor = new Visitor(await this.openPage(options), this.hubUrl);
    await visitor.visitShop();
    await visitor.openChat();
    return visitor;
  }

  async phone(options?: PageOptions): Promise<Phone> {
    return new Phone(await this.openPage(options), this.sandbox.url);
  }
}
