import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sendMessage } from '../../../src/commands/messages/send-message.js';
import { ConversationModel } from '../../../src/models/index.js';
import { staffActor } from '../../support/actors.js';
import {
  forgetEverything,
  post,
  sample,
  settled,
  startHubOnPlatform,
  type HubOnPlatform,
} from '../../support/messenger-hub.js';
import type { Platform } from '../../support/platform.js';
import { viewOf } from '../../support/thread-view.js';
import { until } from '../../support/until.js';

const ANSWER = 'Yes, two are left. Which size do you need?';
/** The id that the samples of this life name. */
const MID = 'm_LmVWeAWn4txJOud2_5CSSkxAE_qTRRgdLWR33QYq-29kk4yJavoVNDhoklxbrjQLhdtOqsi5OYQrf_cjE9gwKw';

let platform: Platform;
let hub: HubOnPlatform;

beforeAll(async () => {
  hub = await startHubOnPlatform();
  ({ platform } = hub);
});
afterAll(() => hub?.stop());
beforeEach(async () => {
  await forgetEverything();
  platform.sent.length = 0;
  platform.answering = Promise.resolve();
});

type Json = Record<string, unknown>;

/** A sample as it would come now, with parts of its event changed. */
function now(name: string, at: number, change: Json = {}): string {
  const body = JSON.parse(sample(name)) as { entry: { time: number; messaging: Json[] }[] };
  for (const entry of body.entry) {
    entry.time = at;
    entry.messaging = entry.messaging.map((event) => ({
      ...event,
      timestamp: at,
      ...Object.fromEntries(
        Object.entries(change).map(([key, part]) => [key, { ...(event[key] as Json), ...(part as Json) }]),
      ),
    }));
  }
  return JSON.stringify(body);
}

async function send(body: string): Promise<void> {
  expect(await post(hub.url, body)).toBe(200);
  await settled();
}

/** The customer has asked and the team answers; what the platform then says, each by name. */
async function answer(): Promise<Record<'echo' | 'delivery' | 'read' | 'reaction', () => Promise<void>>> {
  platform.ids.push(MID);
  await send(now('message-text', Date.now() - 60_000));
  const conversation = await ConversationModel.findOne().lean();
  await sendMessage(hub.hub, staffActor(), {
    conversationId: String(conversation?._id),
    text: ANSWER,
    clientMessageId: 'answer-1',
  });
  await until('the platform has the answer', () => platform.sent.length === 1);
  const [sent] = platform.sent;
  expect(sent).toMatchObject(JSON.parse(expected()) as Json);
  const at = Date.now();
  const metadata = sent?.message.metadata;
  return {
    echo: () => send(now('echo', at, { message: { metadata } })),
    delivery: () => send(now('delivery', at + 1, { delivery: { watermark: at + 1 } })),
    read: () => send(now('read', at + 2, { read: { watermark: at + 2 } })),
    reaction: () => send(now('reaction', at + 3)),
  };
}

const expected = (): string =>
  JSON.stringify({ recipient: { id: '7364019285520143' }, messaging_type: 'RESPONSE', message: { text: ANSWER } });

async function answerShown(): Promise<Json> {
  const { threads } = await viewOf(hub.hub);
  expect(threads).toHaveLength(1);
  const entries = threads[0]?.entries ?? [];
  // Between them stands that whoever answered holds the conversation.
  expect(entries.map(({ text, activity }) => activity?.type ?? text)).toEqual([
    'Hi, is the blue bicycle still in stock?',
    'assigned',
    ANSWER,
  ]);
  return entries[2] as unknown as Json;
}

const untilTick = (tick: string): Promise<boolean> =>
  until(`the tick is "${tick}"`, async () => (await answerShown())['tick'] === tick);

const READ_AND_LOVED = {
  sender: { type: 'agent', id: 'a'.repeat(24) },
  delivery: 'sent',
  tick: 'read',
  parts: [{ n: 0, kind: 'text', state: 'sent', error: null, fault: null }],
  reactions: [{ emoji: '❤️', by: 'contact' }],
  sentTwice: false,
  failure: null,
};

describe('the life of our own answer', () => {
  it('is sent, delivered, read and loved', async () => {
    const told = await answer();
    await untilTick('sent');
    await told.echo();
    expect(await answerShown()).toMatchObject({ tick: 'sent', reactions: [] });
    await told.delivery();
    expect(await answerShown()).toMatchObject({ tick: 'delivered' });
    await told.read();
    expect(await answerShown()).toMatchObject({ tick: 'read' });
    await told.reaction();
    expect(await answerShown()).toMatchObject(READ_AND_LOVED);
    for (const again of [told.echo, told.delivery, told.read, told.reaction]) await again();
    expect(await answerShown()).toMatchObject(READ_AND_LOVED);
    expect(platform.sent).toHaveLength(1);
  });

  it('is the same when the platform tells it backwards', async () => {
    const told = await answer();
    await untilTick('sent');
    for (const event of [told.reaction, told.read, told.delivery, told.echo]) await event();
    expect(await answerShown()).toMatchObject(READ_AND_LOVED);
    expect(platform.sent).toHaveLength(1);
  });

  it.each([
    ['in order', ['echo', 'delivery', 'read', 'reaction'] as const],
    ['backwards', ['reaction', 'read', 'delivery', 'echo'] as const],
  ])('is the same when all of it comes before the answer of the Send API, %s', async (_order, events) => {
    let release = (): void => undefined;
    platform.answering = new Promise((resolve) => (release = resolve));
    const told = await answer();
    for (const event of events) await told[event]();
    release();
    await untilTick('read');
    expect(await answerShown()).toMatchObject(READ_AND_LOVED);
    expect(platform.sent).toHaveLength(1);
  });
});
