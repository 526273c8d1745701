import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInbox } from '../../src/commands/inboxes/create-inbox.js';
import {
  AttachmentModel,
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  InboxModel,
  MessageModel,
  OutboxRowModel,
  WebhookEventModel,
} from '../../src/models/index.js';
import { forgetInboxes } from '../../src/models/cached-inboxes.js';
import { SYSTEM } from '../../src/policies/index.js';
import { Platform } from './platform.js';
import { APP, startHub, type TestHub } from './start-hub.js';
import { until } from './until.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/messenger/webhooks');

/** The Pages of the samples. */
export const PAGES = ['104829637715402', '118340925567731'] as const;

/** The bytes of a sample webhook. */
export const sample = (name: string): string => readFileSync(join(FIXTURES, `${name}.json`), 'utf8');

export const signatureOf = (body: string): string =>
  `sha256=${createHmac('sha256', APP.secret).update(body).digest('hex')}`;

/** Posts a webhook as the platform does. @returns the status of the answer. */
export async function post(url: string, body: string, signature = signatureOf(body)): Promise<number> {
  const answer = await fetch(`${url}/webhooks/messenger`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Hub-Signature-256': signature },
    body,
  });
  await answer.text();
  return answer.status;
}

/** Waits until no webhook event is due and no consumer owes anything. What waits for an unknown message may go on waiting. */
export const settled = (within?: number): Promise<unknown> =>
  until(
    'nothing is owed',
    async () =>
      (await WebhookEventModel.exists({ state: 'pending' })) === null && (await OutboxRowModel.exists({})) === null,
    within,
  );

/** Starts a hub with the Pages of the samples connected. */
export async function startMessengerHub(settings: Record<string, string> = {}): Promise<TestHub> {
  const hub = await startHub({ META_ATTACHMENT_HOSTS: 'fbcdn.net,fbsbx.com', ...settings });
  await connectPages(hub);
  return hub;
}

/** A hub, and what it takes for Meta. */
export interface HubOnPlatform extends TestHub {
  platform: Platform;
}

/** The same with the platform's side of the wire, which files come from, too. */
export async function startHubOnPlatform(): Promise<HubOnPlatform> {
  const platform = await Platform.start();
  const hub = await startMessengerHub({ GRAPH_BASE_URL: platform.url });
  platform.standInForFiles(hub.hub.http);
  const stop = async (): Promise<void> => {
    await hub.stop();
    await platform.stop();
  };
  return { ...hub, platform, stop };
}

export async function connectPages({ hub }: Pick<TestHub, 'hub'>): Promise<void> {
  for (const accountId of PAGES) {
    const name = `Page ${accountId.slice(-4)}`;
    await createInbox(hub, { actor: SYSTEM, channel: 'messenger', name, accountId, config: { accessToken: 'token' } });
  }
}

/** Forgets everything that came in; the Pages stay connected. */
export async function forgetEverything(): Promise<void> {
  await AttachmentModel.deleteMany({});
  await ContactIdentityModel.deleteMany({});
  await ContactModel.deleteMany({});
  await ConversationModel.deleteMany({});
  await MessageModel.deleteMany({});
  await WebhookEventModel.deleteMany({});
  await InboxModel.updateMany({}, { $set: { sendHold: null, notices: {} } });
  forgetInboxes();
}
