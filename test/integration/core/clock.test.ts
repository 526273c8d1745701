import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVisitorSession } from '../../../src/commands/contacts/open-visitor-session.js';
import { changeStatus } from '../../../src/commands/conversations/change-status.js';
import { createInbox } from '../../../src/commands/inboxes/create-inbox.js';
import { receiveMessage } from '../../../src/commands/messages/receive-message.js';
import { ConversationModel, StoredEventModel } from '../../../src/models/index.js';
import { SYSTEM, visitorOf } from '../../../src/policies/index.js';
import { startHub, type TestHub } from '../../support/start-hub.js';
import { until } from '../../support/until.js';

jest.setTimeout(60_000);

const WEEK = 7 * 86_400_000;

let folder: string;
let running: TestHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-clock-'));
  running = await startHub({ CLOCK_FILE: join(folder, 'ahead') });
});
afterAll(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('moves the whole hub: what was resolved a week ago is found by the sweep and closed by its timer', async () => {
  const { hub } = running;
  const { inbox } = await createInbox(hub, { actor: SYSTEM, channel: 'web', name: 'Shop' });
  const { identity } = await openVisitorSession(hub, { inboxKey: inbox.accountId, origin: null, from: null });
  const message = { text: 'Hello?', clientMessageId: randomUUID(), attachmentIds: [] };
  const asked = await receiveMessage(hub, visitorOf(identity), { ...message, replyToMessageId: null, payload: null });
  const conversationId = String(asked.conversation._id);
  await changeStatus(hub, SYSTEM, { conversationId, status: 'resolved' });
  const before = hub.now();

  await writeFile(join(folder, 'ahead'), String(WEEK));
  await until('the clock has moved', () => Promise.resolve(hub.now() >= before + WEEK));
  await until(
    'it is closed',
    async () => (await ConversationModel.findById(conversationId).lean())?.status === 'closed',
  );

  const closed = { conversation: conversationId, type: 'conversation.statusChanged', 'data.to': 'closed' };
  const event = await StoredEventModel.findOne(closed).lean();
  expect(event?.at.getTime()).toBeGreaterThanOrEqual(before + WEEK);
  // Leases, drains and consumers go on by the moved clock.
  const again = await receiveMessage(hub, visitorOf(identity), {
    ...{ ...message, clientMessageId: randomUUID() },
    ...{ replyToMessageId: null, payload: null },
  });
  expect(again.message.createdAt.getTime()).toBeGreaterThanOrEqual(before + WEEK);
});
