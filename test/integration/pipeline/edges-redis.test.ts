import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pickPort } from '../../../embedded/launcher/ports.js';
import { findRedis, redisSettings } from '../../../embedded/redis/redis-program.js';
import { startRedis, type RedisServer } from '../../../embedded/redis/start-redis.js';
import { MessageModel, WebhookEventModel } from '../../../src/models/index.js';
import { createLogger } from '../../../src/logging/logger.js';
import { connectStore, disconnectStore } from '../../../src/storage/mongo.js';
import { connectPagesOf, startHubProcess } from '../../support/hub-process.js';
import { post, sample, settled, startMessengerHub } from '../../support/messenger-hub.js';
import { openTestStore } from '../../support/test-store.js';

/** Redis changes no answer of the webhook (SPEC 15, R8). Milliseconds. */
const SOON = 2_000;
/** The sweep finds forgotten work within this. Milliseconds (SPEC 15, R6). */
const SWEPT = 30_000;

const SAMPLES = ['message-text', 'message-text-unicode', 'batch-two-pages', 'echo', 'reaction'];
const TEXTS = [
  'Hi, is the blue bicycle still in stock?',
  'Yes, two are left. Which size do you need?',
  'Grüß Gott! Größe „L“ für 50 % Rabatt? 🚲 <b>ok</b> http://a.example/b',
  'First question',
  'Opening hours on Sunday?',
  'Do you ship to Graz?',
];

let closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

/** Posts every sample; each is answered soon, as if Redis were there. */
async function postAll(url: string): Promise<void> {
  for (const name of SAMPLES) {
    const started = Date.now();
    expect(await post(url, sample(name))).toBe(200);
    expect(Date.now() - started).toBeLessThan(SOON);
  }
  expect(await WebhookEventModel.countDocuments()).toBe(7);
}

async function expectAllShown(): Promise<void> {
  await settled(SWEPT);
  const messages = await MessageModel.find().sort({ orderAt: 1 }).lean();
  expect(messages.map((message) => message.text)).toEqual(TEXTS);
  expect(messages[1]?.reactions).toMatchObject([{ emoji: '❤️', removed: false }]);
}

describe('Redis suspended', () => {
  it('changes no answer of the webhook, and a process that works itself applies what comes', async () => {
    const redis: RedisServer = await startRedis();
    closing.push(() => redis.stop());
    const hub = await startMessengerHub({ REDIS_URL: redis.url });
    closing.push(() => hub.stop());

    await redis.kill('SIGSTOP');
    closing.push(() => redis.kill('SIGCONT'));
    await postAll(hub.url);
    await expectAllShown();
  });
});

describe('Redis absent at boot', () => {
  it('changes no answer of the webhook, and the sweep of a worker applies everything once it is there', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'switchboard-redis-'));
    closing.push(() => rm(dir, { recursive: true, force: true }));
    const store = await openTestStore(dir);
    closing.push(() => store.close());
    const port = await pickPort();
    const redisUrl = `redis://:secret@127.0.0.1:${port}`;
    await connectStore(store.uri, createLogger({ level: 'error', role: 'test' }));
    closing.push(disconnectStore);
    const settings = { MONGODB_URI: store.uri, REDIS_URL: redisUrl, DATA_DIR: dir };
    const hub = await startHubProcess({ ...settings, ROLE: 'api' });
    closing.push(() => hub.stop());
    const worker = await startHubProcess({ ...settings, ROLE: 'worker' });
    closing.push(() => worker.stop());
    await connectPagesOf(hub.url);

    await postAll(hub.url);
    expect(await MessageModel.countDocuments()).toBe(0);
    const redis = spawn(findRedis(), ['-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    closing.push(async () => {
      redis.kill('SIGKILL');
      await once(redis, 'exit');
    });
    redis.stdin.end(redisSettings({ port, dir, password: 'secret' }));
    await expectAllShown();
  });
});
