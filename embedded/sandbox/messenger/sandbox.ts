import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, Agent as HttpAgent, type Server } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import axios from 'axios';
import Koa from 'koa';
import { isOwnHost } from '../../../src/utils/own-host.js';
import { scriptingApi } from './api/router.js';
import { FileStore } from './files.js';
import { SUBSCRIBABLE_FIELDS } from './graph/page-settings.js';
import { graphApi } from './graph/router.js';
import { Ledger } from './ledger.js';
import { PageSide } from './page-side.js';
import { defaultWebRoot, pages } from './pages.js';
import { PersonSide } from './person-side.js';
import { WebhookSender } from './webhook-sender.js';
import type { World } from './world.js';

export interface SandboxOptions {
  /** Port on `host`; 0 picks a free one. */
  port: number;
  /** Default 127.0.0.1: it holds no secrets worth having, and no defences either. */
  host?: string;
  /** Where the hub and people reach it, if that is not `http://host:port`; no slash at the end. */
  publicUrl?: string;
  /** The hub's webhook. */
  webhookUrl: string;
  appId: string;
  appSecret: string;
  verifyToken: string;
  /** Directory of the journal and the files; created if missing. */
  dataDir: string;
  pages: readonly { id: string; token: string; name: string }[];
  /** Pages start without a webhook subscription, as on the real platform. Default false: they start with every field. */
  unsubscribed?: boolean;
  /** Built phone page; default: where the build puts it. */
  webRoot?: string;
  /** Pauses between tries of a webhook in milliseconds, the last one for ever. Default 200, 500, 1000, 2000, 5000. */
  backoffMs?: readonly number[];
  /** How long a webhook under a reorder rule waits to be overtaken, in milliseconds. Default 3000. */
  reorderHoldMs?: number;
  now?: () => number;
  /** Told of faults of the sandbox itself. */
  onError?: (error: unknown) => void;
}

export interface Sandbox {
  /** Base URL of everything: the phone page, the scripting API, and the Graph API for `GRAPH_BASE_URL`. */
  url: string;
  ledger: Ledger;
  /** Stops at once; hung calls are cut, queued webhooks stay in the journal. */
  close(): Promise<void>;
}

const WEBHOOK_TIMEOUT_MS = 20_000;
const BACKOFF_MS = [200, 500, 1000, 2000, 5000] as const;
const REORDER_HOLD_MS = 3000;
const MAX_CONNECTIONS = 64;
const MAX_ANSWER_BYTES = 26 * 1024 * 1024;

/** What a caller that hangs up leaves behind; no fault of ours. */
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Starts the Messenger simulator. Throws when the port is taken or the journal is damaged. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', dataDir, webRoot = defaultWebRoot() } = options;
  const tmp = join(dataDir, 'tmp');
  rmSync(tmp, { recursive: true, force: true });
  mkdirSync(tmp, { recursive: true });
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
  };
  let url = '';
  const world = build(options, agents, () => url);
  seed(world, options);

  const app = new Koa();
  app.on('error', (error: { code?: string }) => {
    if (!GONE.has(error.code ?? '')) options.onError?.(error);
  });
  const reset = (): void => resetWorld(world, options);
  app.use(async (ctx, next) => {
    if (isOwnHost(ctx.req.headers.host, url)) return next();
    ctx.status = 421;
    ctx.body = `The sandbox answers at ${url} only. To use it under another name, start it with --public-url.\n`;
  });
  app.use(graphApi(world, tmp));
  app.use(scriptingApi(world, { webhookUrl: options.webhookUrl, reset }).routes());
  app.use(pages(world, webRoot));

  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await listen(server, options.port, host);
  url = options.publicUrl ?? `http://${host}:${(server.address() as AddressInfo).port}`;
  world.sender.start();
  world.page.resumeReceipts();

  const close = async (): Promise<void> => {
    world.sender.stop();
    world.page.stop();
    agents.httpAgent.destroy();
    agents.httpsAgent.destroy();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    world.ledger.close();
  };
  return { url, ledger: world.ledger, close };
}

function build(
  options: SandboxOptions,
  agents: { httpAgent: HttpAgent; httpsAgent: HttpsAgent },
  baseUrl: () => string,
): World {
  const { webhookUrl, appId, appSecret, verifyToken, dataDir, backoffMs = BACKOFF_MS, now = Date.now } = options;
  const ledger = Ledger.open(dataDir);
  const http = axios.create({
    ...agents,
    timeout: WEBHOOK_TIMEOUT_MS,
    validateStatus: () => true,
    maxRedirects: 0,
    responseType: 'arraybuffer',
    proxy: false,
    maxContentLength: MAX_ANSWER_BYTES,
  });
  const sender = new WebhookSender({
    ledger,
    http,
    webhookUrl,
    appId,
    appSecret,
    verifyToken,
    baseUrl,
    now,
    backoffMs,
    reorderHoldMs: options.reorderHoldMs ?? REORDER_HOLD_MS,
  });
  const people = new PersonSide(ledger, sender, now);
  const page = new PageSide(ledger, sender, people, now);
  const app = { id: appId, secret: appSecret, verifyToken };
  return { app, ledger, files: new FileStore(dataDir, ledger), sender, people, page, http, now, baseUrl };
}

/** Adds the Pages that the journal does not know, each with its demo people; a known Page keeps its state. */
function seed({ ledger, people }: World, { pages: given, unsubscribed = false }: SandboxOptions): void {
  for (const { id, token, name } of given) {
    if (ledger.pages.has(id)) continue;
    const subscribedFields = unsubscribed ? null : [...SUBSCRIBABLE_FIELDS];
    ledger.write({ type: 'page', page: { id, token, name, tokenFault: null, subscribedFields, profile: {} } });
    people.createDemoPeople(id);
  }
}

/** Back to how an empty directory starts; a webhook that was once verified stays so. */
function resetWorld(world: World, options: SandboxOptions): void {
  const { verifiedAt } = world.ledger;
  world.sender.forgetQueue();
  world.page.stop();
  world.people.typing.clear();
  world.ledger.clear();
  world.files.clear();
  if (verifiedAt !== null) world.ledger.write({ type: 'verified', at: verifiedAt });
  seed(world, options);
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}
