import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../../embedded/redis/start-redis.js';
import { createComponents, type Components } from '../../src/components.js';
import { serve } from '../../src/serve.js';
import { NO_LIMITS } from './no-limits.js';
import { openTestStore, type TestStore } from './test-store.js';

/** Secrets of the Messenger samples. */
export const APP = {
  id: '729481550316284',
  secret: 'test_app_secret_0123456789abcdef',
  verifyToken: 'test-verify-token',
} as const;

/**
 * A whole hub in this process, with a Redis of its own, and a store of its own or a database of its own on the server
 * that MONGODB_URI names. One per test file: models are global.
 */
export interface TestHub extends Components {
  url: string;
  storeUri: string;
  redisUrl: string;
  stop(): Promise<void>;
}

/** A store that the test started, and stops. */
function givenStore(uri: string): TestStore {
  return { uri, close: () => Promise.resolve() };
}

/** Settings of every hub in tests, in this process or in one of its own. */
export const SETTINGS = {
  NODE_ENV: 'test',
  PORT: '0',
  PUBLIC_URL: 'http://127.0.0.1:1',
  JWT_SECRET: 'j'.repeat(40),
  ENCRYPTION_KEY: 'ab'.repeat(32),
  LOG_LEVEL: 'error',
};

/** Settings of one that is connected to Messenger, with limits out of the way. */
export const CONNECTED = {
  ...NO_LIMITS,
  META_APP_ID: APP.id,
  META_APP_SECRET: APP.secret,
  META_VERIFY_TOKEN: APP.verifyToken,
  GRAPH_BASE_URL: 'http://127.0.0.1:1',
};

/** @param settings environment variables that differ from the usual. */
export async function startHub(settings: Record<string, string> = {}): Promise<TestHub> {
  const hub = await openHub({ ...CONNECTED, META_ATTACHMENT_HOSTS: '127.0.0.1', ...settings });
  const { port } = await serve(hub);
  return { ...hub, url: `http://127.0.0.1:${port}` };
}

/** The same without anything that serves or works. */
export async function openHub(settings: Record<string, string>): Promise<Omit<TestHub, 'url'>> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-hub-'));
  const store =
    settings['MONGODB_URI'] === undefined ? await openTestStore(folder) : givenStore(settings['MONGODB_URI']);
  const redis = await startRedis({ dir: join(folder, 'redis') });
  const components = await createComponents({
    ...{ ...SETTINGS, MONGODB_URI: store.uri, REDIS_URL: redis.url, DATA_DIR: folder },
    ...settings,
  });
  return {
    ...components,
    storeUri: store.uri,
    redisUrl: redis.url,
    stop: async () => {
      await components.shutdown.run();
      await redis.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
