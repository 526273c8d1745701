import { join } from 'node:path';
import { redisUrl as ownRedisUrl } from '../redis/redis-program.js';
import type { Crew } from './crew.js';
import { keptPorts } from './ports.js';
import { writePrivateJson } from './private-file.js';
import { loadSecrets, type Secrets } from './secrets.js';
import { runSeed, type DemoData } from './seed.js';
import * as specs from './specs.js';
import { ownStoreUri } from './store-uri.js';
import type { Role, StackOptions, StackUrls } from './stack-types.js';

/** Who asks is stopped before who answers. */
const TIER = { store: 0, redis: 1, sandbox: 2, hub: 3 } as const;

interface HubPlan {
  name: string;
  role: Role;
  port: number;
}

const local = (port: number): string => `http://127.0.0.1:${port}`;

/** What is known once everything is ready. */
export interface Booted {
  urls: StackUrls;
  demo: DemoData;
  secrets: Secrets;
}

/** Starts store and Redis, then fills the store and starts the sandbox, then the hub, and writes `demo.json`. */
export async function boot(options: StackOptions, dataDir: string, crew: Crew): Promise<Booted> {
  const secrets = loadSecrets(dataDir);
  const context = { dataDir, entries: { ...specs.defaultEntries(), ...options.entries }, secrets };
  const portOf = keptPorts(dataDir);
  const hubs = await planHubs(options, portOf);
  const sandboxPort = options.sandbox === false ? null : await portOf('sandbox');

  const apis = hubs.filter(({ role }) => role !== 'worker').map(({ port }) => local(port));
  const urls = {
    hub: options.env?.['PUBLIC_URL'] ?? apis[0] ?? '',
    apis,
    sandbox: sandboxPort === null ? null : local(sandboxPort),
    ...(await startData(options, context, crew, portOf)),
  };
  const seeded = options.seed !== false;
  const env = { ...hubEnv(context, urls), DEMO: String(seeded), ...options.env };
  const webhookTarget = apis[0] ?? urls.hub;

  const [demo] = await Promise.all([
    seeded ? runSeed(specs.seedSpec(context, env)) : { users: [], inboxes: [] },
    sandboxPort === null ? null : crew.start(specs.sandboxSpec(context, sandboxPort, webhookTarget), TIER.sandbox),
  ]);
  await Promise.all(
    hubs.map(({ name, role, port }) =>
      crew.start(specs.hubSpec(context, name, { ...env, ROLE: role, PORT: String(port) }), TIER.hub),
    ),
  );
  writeDemoFile(dataDir, { urls, demo, secrets });
  return { urls, demo, secrets };
}

/** `hub` for one that does all, else `api`, `api-2`, `worker` … */
async function planHubs(options: StackOptions, portOf: (name: string) => Promise<number>): Promise<HubPlan[]> {
  const plans: HubPlan[] = [];
  let chosen = options.port === 0 ? undefined : options.port;
  for (const role of options.roles ?? ['all']) {
    const sort = role === 'all' ? 'hub' : role;
    const number = plans.filter((plan) => plan.role === role).length + 1;
    const name = number === 1 ? sort : `${sort}-${number}`;
    plans.push({ name, role, port: (role === 'worker' ? undefined : chosen) ?? (await portOf(name)) });
    if (role !== 'worker') chosen = undefined;
  }
  return plans;
}

/** Store and Redis: those that are configured, else our own. */
async function startData(
  options: StackOptions,
  context: specs.SpecContext,
  crew: Crew,
  portOf: (name: string) => Promise<number>,
): Promise<{ mongodb: string; redis: string }> {
  const startStore = async (): Promise<string> => {
    const address = await specs.storeAddress(context.dataDir, () => portOf('store'));
    const info = await crew.start(specs.storeSpec(context, address), TIER.store);
    return ownStoreUri(String(info['uri']), context.secrets.storePassword);
  };
  const startRedis = async (): Promise<string> => {
    const port = await portOf('redis');
    await crew.start(specs.redisSpec(context, port), TIER.redis);
    return ownRedisUrl(port, context.secrets.redisPassword);
  };
  const [mongodb, redis] = await Promise.all([options.mongodbUri ?? startStore(), options.redisUrl ?? startRedis()]);
  return { mongodb, redis };
}

/** The environment that every hub process shares. */
function hubEnv(context: specs.SpecContext, urls: StackUrls): Record<string, string> {
  const { jwtSecret, encryptionKey, messenger } = context.secrets;
  const messengerEnv =
    urls.sandbox === null
      ? {}
      : {
          META_APP_ID: messenger.appId,
          META_APP_SECRET: messenger.appSecret,
          META_VERIFY_TOKEN: messenger.verifyToken,
          GRAPH_BASE_URL: urls.sandbox,
          META_ATTACHMENT_HOSTS: new URL(urls.sandbox).host,
        };
  return {
    NODE_ENV: 'development',
    PUBLIC_URL: urls.hub,
    MONGODB_URI: urls.mongodb,
    REDIS_URL: urls.redis,
    JWT_SECRET: jwtSecret,
    ENCRYPTION_KEY: encryptionKey,
    DATA_DIR: context.dataDir,
    ...messengerEnv,
  };
}

/** What scripts and people need to use the demo. */
function writeDemoFile(dataDir: string, { urls, demo, secrets }: Booted): void {
  const { pageId, appSecret, verifyToken } = secrets.messenger;
  writePrivateJson(join(dataDir, 'demo.json'), {
    url: urls.hub,
    ...demo,
    messenger: urls.sandbox === null ? null : { pageId, appSecret, verifyToken },
    sandboxUrl: urls.sandbox,
    mongodbUri: urls.mongodb,
    redisUrl: urls.redis,
  });
}
