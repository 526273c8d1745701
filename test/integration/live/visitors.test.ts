import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { identitySecretOf } from '../../../src/commands/inbox-config.js';
import { openVisitorSession } from '../../../src/commands/open-visitor-session.js';
import { receiveMessage } from '../../../src/commands/receive-message.js';
import { forgetInboxes } from '../../../src/models/cached-inboxes.js';
import {
  AttachmentModel,
  ContactModel,
  ConversationModel,
  InboxModel,
  MessageModel,
} from '../../../src/models/index.js';
import { identityHash } from '../../../src/utils/identity-hash.js';
import { Peer } from './support/peer.js';
import { World, type Visitor } from './support/world.js';

let world: World;
let inboxKey: string;
let secret: string;

beforeAll(async () => {
  world = await World.start();
  const inbox = await world.webInbox([]);
  inboxKey = inbox.key;
  const row = await InboxModel.findById(inbox.id).lean();
  secret = identitySecretOf(world.hub.hub, row?.credentials ?? null) ?? '';
});
afterAll(() => world.stop());

/** The website vouches for its user, on a device with this token or on a new one. */
async function vouched(id: string, token?: string): Promise<Visitor> {
  const session = await openVisitorSession(world.hub.hub, {
    ...{ inboxKey, origin: null, from: null, identity: { id, hash: identityHash(id, secret) } },
    ...(token === undefined ? {} : { token }),
  });
  const { _id, contact } = session.identity;
  return { token: session.token, identityId: String(_id), contactId: String(contact) };
}

/** A visitor who was known on another device, wrote as a stranger on this one, and is known here now. */
async function merged(id: string, between: (stranger: Visitor) => Promise<unknown>): Promise<Visitor> {
  await vouched(id);
  const stranger = await world.visitor(inboxKey);
  await between(stranger);
  const known = await vouched(id, stranger.token);
  expect(known.identityId).not.toBe(stranger.identityId);
  return known;
}

const receive = (visitor: Visitor, attachmentIds: string[]) =>
  receiveMessage(world.hub.hub, {
    ...{ identityId: visitor.identityId, text: null, clientMessageId: randomUUID(), attachmentIds },
    ...{ replyToMessageId: null, payload: null },
  });

async function upload(visitor: Visitor): Promise<string> {
  const owner = `identity:${visitor.identityId}`;
  const row = { owner, kind: 'file' as const, name: 'a.txt', state: 'stored' as const, createdAt: new Date() };
  const made = await AttachmentModel.create(row);
  return String(made._id);
}

describe('a stranger who becomes known while a message is under way', () => {
  it('sends it again as the same message', async () => {
    const clientMessageId = randomUUID();
    const known = await merged('u1', (stranger) => world.write(stranger, 'once', clientMessageId));
    const again = await world.write(known, 'once', clientMessageId);
    expect(await MessageModel.countDocuments({ clientMessageId })).toBe(1);
    expect(String(again.conversation.identity)).toBe(known.identityId);
    await world.write(known, 'another', randomUUID());
    expect(await MessageModel.countDocuments({ text: 'another' })).toBe(1);
  });

  it('may still send the file uploaded before', async () => {
    let file = '';
    const known = await merged('u2', async (stranger) => (file = await upload(stranger)));
    const { message } = await receive(known, [file]);
    expect(message.attachments.map(String)).toEqual([file]);
  });
});

it('a file named twice or in capitals hangs on the message once', async () => {
  const visitor = await world.visitor(inboxKey);
  const file = await upload(visitor);
  const { message } = await receive(visitor, [file.toUpperCase(), file]);
  expect(message.attachments.map(String)).toEqual([file]);
});

describe('what visitors say of themselves', () => {
  const introduce = async (token: string, name: string): Promise<void> => {
    const peer = await Peer.connect(world.url, '/customer');
    await peer.data('customer_connect', { inboxKey, token, name });
    peer.close();
  };

  it('names a stranger, and the team is told', async () => {
    const stranger = await world.visitor(inboxKey);
    const { conversation } = await world.write(stranger, 'who am I?', randomUUID());
    await introduce(stranger.token, 'Sam Stranger');
    expect(await ContactModel.findById(stranger.contactId).lean()).toMatchObject({ name: 'Sam Stranger' });
    const told = await ConversationModel.findById(conversation._id).lean();
    expect(told?.version).toBe(conversation.version + 1);
  });

  it('changes nothing that their website vouches for', async () => {
    const known = await vouched('u3');
    await ContactModel.updateOne({ _id: known.contactId }, { $set: { name: 'Vera Vouched' } });
    await introduce(known.token, 'Mallory');
    expect(await ContactModel.findById(known.contactId).lean()).toMatchObject({ name: 'Vera Vouched' });
  });
});

it('a chat that was disconnected takes no more messages from sockets that are still open', async () => {
  const chat = await world.webInbox([]);
  const visitor = await world.visitor(chat.key);
  await world.write(visitor, 'before', randomUUID());
  await InboxModel.updateOne({ _id: chat.id }, { $set: { state: 'disconnected' } });
  forgetInboxes();
  await expect(world.write(visitor, 'after', randomUUID())).rejects.toMatchObject({ status: 400 });
  expect(await MessageModel.countDocuments({ text: 'after' })).toBe(0);
});
