import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sendMessage } from '../../../src/commands/messages/send-message.js';
import { updateInbox } from '../../../src/commands/inboxes/update-inbox.js';
import { ConversationModel, InboxModel, MessageModel, type Inbox, type Message } from '../../../src/models/index.js';
import { SYSTEM } from '../../../src/policies/index.js';
import { staffActor } from '../../support/actors.js';
import {
  forgetEverything,
  PAGES,
  post,
  sample,
  settled,
  startHubOnPlatform,
  type HubOnPlatform,
} from '../../support/messenger-hub.js';
import type { Platform } from '../../support/platform.js';
import { until } from '../../support/until.js';

const SAMPLES = join(import.meta.dirname, '../../fixtures/messenger/send');

let hub: HubOnPlatform;
let platform: Platform;

beforeAll(async () => {
  hub = await startHubOnPlatform();
  ({ platform } = hub);
});
afterAll(() => hub?.stop());
beforeEach(async () => {
  await forgetEverything();
  platform.sent.length = 0;
  platform.outcomes.length = 0;
});

const error = (name: string): object => JSON.parse(readFileSync(join(SAMPLES, `${name}.error.json`), 'utf8')) as object;

/** The customer has asked just now. */
async function question(): Promise<string> {
  const body = JSON.parse(sample('message-text')) as { entry: { messaging: { timestamp: number }[] }[] };
  for (const event of body.entry.flatMap(({ messaging }) => messaging)) event.timestamp = Date.now() - 60_000;
  expect(await post(hub.url, JSON.stringify(body))).toBe(200);
  await settled();
  const conversation = await ConversationModel.findOne().lean();
  return String(conversation?._id);
}

async function answer(conversationId: string, text: string): Promise<void> {
  await sendMessage(hub.hub, staffActor(), { conversationId, text, clientMessageId: text });
}

const page = async (): Promise<Inbox> => {
  const inbox = await InboxModel.findOne({ accountId: PAGES[0] }).lean<Inbox>();
  if (inbox === null) throw new Error('the Page has gone');
  return inbox;
};
const stateOf = async (text: string): Promise<Message['parts'][number]['state'] | undefined> =>
  (await MessageModel.findOne({ text }).lean())?.parts[0]?.state;

describe('an error that often means a missing permission', () => {
  it('is tried again once, and does no more when that helps', async () => {
    const id = await question();
    platform.outcomes.push(error('error-1-99-permissions'));
    platform.ids.push('m_helped');
    await answer(id, 'one');
    await until('it is sent', async () => (await stateOf('one')) === 'sent');
    expect(platform.texts).toEqual(['one', 'one']);
    expect((await page()).sendHold).toBeNull();
  });

  it('holds the sends of the Page when it stays, and loses none of them', async () => {
    const id = await question();
    const refusal = error('error-1-99-permissions');
    platform.outcomes.push(refusal, refusal);
    await answer(id, 'one');
    await answer(id, 'two');
    await until('the Page is held', async () => (await page()).sendHold != null);
    expect(await page()).toMatchObject({ state: 'connected', sendHold: { reason: 'misconfigured', until: null } });
    await until('it waits', async () => (await stateOf('one')) === 'queued');
    expect(await stateOf('two')).toBe('queued');
    expect(platform.texts).toEqual(['one', 'one']);

    platform.ids.push('m_one', 'm_two');
    await updateInbox(hub.hub, { actor: SYSTEM, inboxId: String((await page())._id), changes: { state: 'connected' } });
    // Held sends are looked at twice a minute; here at once.
    await MessageModel.updateMany({ nextAttemptAt: { $exists: true } }, { $set: { nextAttemptAt: new Date() } });
    hub.hub.hints.outbound(id);
    await until('both are sent', async () => (await stateOf('one')) === 'sent' && (await stateOf('two')) === 'sent');
    expect(platform.texts).toEqual(['one', 'one', 'one', 'two']);
  });
});

it('what was sent although its answer was lost is looked up, and not sent again', async () => {
  const id = await question();
  platform.outcomes.push('loseAnswer');
  platform.ids.push('m_lost');
  await answer(id, 'once');
  await until('it is sent', async () => (await stateOf('once')) === 'sent');
  expect((await MessageModel.findOne({ text: 'once' }).lean())?.parts[0]).toMatchObject({ externalId: 'm_lost' });
  expect(platform.texts).toEqual(['once']);
});

describe('an error of a single person', () => {
  it('fails that message and holds nothing', async () => {
    const id = await question();
    platform.outcomes.push(error('error-551-1545041-unavailable'));
    platform.ids.push('m_two');
    await answer(id, 'one');
    await answer(id, 'two');
    await until('the second is sent', async () => (await stateOf('two')) === 'sent');
    expect(await stateOf('one')).toBe('failed');
    expect((await page()).sendHold).toBeNull();
  });
});
