import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MessageModel, WebhookEventModel } from '../../../src/models/index.js';
import {
  forgetEverything,
  PAGES,
  post,
  sample,
  settled,
  signatureOf,
  startMessengerHub,
} from '../../support/messenger-hub.js';
import type { TestHub } from '../../support/start-hub.js';

const MIB = 1024 * 1024;

let hub: TestHub;

beforeAll(async () => {
  hub = await startMessengerHub();
});
afterAll(() => hub.stop());
beforeEach(forgetEverything);

const storedEvents = () => WebhookEventModel.countDocuments();

/** A body with one message per text, each of another person. */
const messages = (...texts: string[]): string =>
  JSON.stringify({
    object: 'page',
    entry: [
      {
        id: PAGES[0],
        time: 1781515800758,
        messaging: texts.map((text, n) => ({
          sender: { id: `700${n}` },
          recipient: { id: PAGES[0] },
          timestamp: 1781515800118 + n,
          message: { mid: `m_edge_${n}`, text },
        })),
      },
    ],
  });

describe('what is refused', () => {
  const text = sample('message-text');

  it.each([
    ['a signature of other bytes', `sha256=${'0'.repeat(64)}`],
    ['a signature without its prefix', '0'.repeat(64)],
    ['half a signature', `sha256=${'0'.repeat(32)}`],
    ['an empty signature', ''],
  ])('%s: 401', async (_what, signature) => {
    expect(await post(hub.url, text, signature)).toBe(401);
    expect(await storedEvents()).toBe(0);
  });

  it('a signature over the same JSON written otherwise: 401', async () => {
    const unicode = sample('message-text-unicode');
    expect(await post(hub.url, JSON.stringify(JSON.parse(unicode)), signatureOf(unicode))).toBe(401);
    expect(await storedEvents()).toBe(0);
    expect(await post(hub.url, unicode)).toBe(200);
  });

  it('a body over 1 MiB: 413, also when it does not say its length', async () => {
    const body = messages('x'.repeat(MIB));
    expect(await post(hub.url, body)).toBe(413);
    const stream = new Blob([body]).stream();
    const answer = await fetch(`${hub.url}/webhooks/messenger`, { method: 'POST', body: stream, duplex: 'half' });
    expect(answer.status).toBe(413);
    expect(await storedEvents()).toBe(0);
  });

  it.each(['', '{', '[]', '"page"', 'null', '{"object":"page"}', '{"entry":[]}', '{"object":"page","entry":{}}'])(
    'genuine bytes that are no webhook, %j: 400',
    async (body) => {
      expect(await post(hub.url, body)).toBe(400);
      expect(await storedEvents()).toBe(0);
    },
  );
});

describe('ids that no platform gives', () => {
  const LONG = '7'.repeat(3_000);

  it.each([
    ['a sender', messages('hello').replace('"7000"', `"${LONG}"`)],
    ['a Page', messages('hello').replaceAll(PAGES[0], LONG)],
    ['a sender, in more bytes than characters', messages('hello').replace('"7000"', `"${'é'.repeat(400)}"`)],
  ])('of %s: 400, nothing stored', async (_what, body) => {
    expect(await post(hub.url, body)).toBe(400);
    expect(await storedEvents()).toBe(0);
  });

  it('are left out beside others', async () => {
    expect(await post(hub.url, messages('one', 'two', 'three').replace('"7001"', `"${LONG}"`))).toBe(200);
    await settled();
    const texts = (await MessageModel.find().sort({ orderAt: 1 }).lean()).map((message) => message.text);
    expect(texts).toEqual(['one', 'three']);
  });
});

describe('what is accepted', () => {
  it('a body just under 1 MiB', async () => {
    const words = 'y'.repeat(MIB - messages('').length);
    expect(await post(hub.url, messages(words))).toBe(200);
    await settled();
    expect((await MessageModel.findOne().lean())?.text).toHaveLength(words.length);
  });

  it('another object: stored once and counted as ignored', async () => {
    const body = JSON.stringify({ object: 'user', entry: [{ id: '0', uid: '0', changed_fields: ['email'] }] });
    for (const expected of [200, 200]) expect(await post(hub.url, body)).toBe(expected);
    await settled();
    expect(await WebhookEventModel.countDocuments({ state: 'ignored' })).toBe(1);
    expect(await storedEvents()).toBe(1);
  });

  it('the same body many times at once: one message each', async () => {
    const body = messages('one', 'two', 'three');
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(hub.url, body)));
    expect(new Set(answers)).toEqual(new Set([200]));
    await settled();
    expect((await MessageModel.find().sort({ orderAt: 1 }).lean()).map((message) => message.text)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(await storedEvents()).toBe(3);
  });
});

describe('a batch of which the store refuses one event', () => {
  const index = { payload: 1 } as const;
  /** The store takes no index key above 1,900 bytes, so with this index it refuses long payloads. */
  beforeEach(() => WebhookEventModel.collection.createIndex(index));
  afterEach(() => WebhookEventModel.collection.dropIndex('payload_1').catch(() => undefined));

  it('is answered with 503, keeps the others, and is completed by its redelivery', async () => {
    const body = messages('one', 'two', 'x'.repeat(3_000), 'four');
    expect(await post(hub.url, body)).toBe(503);
    const kept = await WebhookEventModel.find().sort({ contactId: 1 }).lean();
    expect(kept.map(({ contactId }) => contactId)).toEqual(['7000', '7001', '7003']);

    expect(await post(hub.url, body)).toBe(503);
    expect(await storedEvents()).toBe(3);

    await WebhookEventModel.collection.dropIndex('payload_1');
    expect(await post(hub.url, body)).toBe(200);
    await settled();
    const texts = (await MessageModel.find().sort({ orderAt: 1 }).lean()).map((message) => message.text?.slice(0, 5));
    expect(texts).toEqual(['one', 'two', 'xxxxx', 'four']);
    expect(await storedEvents()).toBe(4);
  });

  it('does not fail the requests that were stored with it', async () => {
    const good = Array.from({ length: 10 }, (_, n) => messages('fine').replaceAll('m_edge_0', `m_good_${n}`));
    const bad = messages('x'.repeat(3_000)).replaceAll('m_edge_0', 'm_bad');
    const [refused, ...accepted] = await Promise.all([bad, ...good].map((body) => post(hub.url, body)));
    expect(refused).toBe(503);
    expect(new Set(accepted)).toEqual(new Set([200]));
    expect(await storedEvents()).toBe(10);
  });
});
