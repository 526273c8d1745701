import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Types } from 'mongoose';
import { type ContactDetails } from '../../../src/commands/contacts/contact-details.js';
import { identitySecretOf } from '../../../src/commands/inboxes/inbox-config.js';
import { endVisitorSession } from '../../../src/commands/contacts/end-visitor-tokens.js';
import { introduceVisitor } from '../../../src/commands/contacts/introduce-visitor.js';
import { openVisitorSession } from '../../../src/commands/contacts/open-visitor-session.js';
import { receiveMessage } from '../../../src/commands/messages/receive-message.js';
import { forgetInboxes } from '../../../src/models/cached-inboxes.js';
import {
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  InboxModel,
  MessageModel,
} from '../../../src/models/index.js';
import { presentConversation } from '../../../src/presenters/conversation.js';
import { identityHash } from '../../../src/utils/identity-hash.js';
import { buildAttachment, buildIdentity } from '../../support/build.js';
import { Peer } from './support/peer.js';
import { visitorActor, visitorOf, World, type Visitor } from './support/world.js';

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
async function vouched(id: string, token?: string, details: ContactDetails = {}): Promise<Visitor> {
  const session = await openVisitorSession(world.hub.hub, {
    ...{ inboxKey, origin: null, from: null, identity: { id, hash: identityHash(id, secret), ...details } },
    ...(token === undefined ? {} : { token }),
  });
  return visitorOf(session);
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
  receiveMessage(world.hub.hub, visitorActor(visitor), {
    ...{ text: null, clientMessageId: randomUUID(), attachmentIds },
    ...{ replyToMessageId: null, payload: null },
  });

const upload = async (visitor: Visitor): Promise<string> =>
  String((await buildAttachment({ owner: `identity:${visitor.identityId}` }))._id);

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

describe('who kept a token from before the visitor became known', () => {
  it('is cut off, and neither writes nor reads back what they wrote', async () => {
    const kept = await world.visitor(inboxKey);
    const clientMessageId = randomUUID();
    await world.write(kept, 'before', clientMessageId);
    const [tab, other] = [await world.visitorPeer(kept), await world.visitorPeer(await world.visitor(inboxKey))];
    const known = await vouched('u5', kept.token);
    await tab.cutByServer();
    expect(other.ended).toBeNull();
    for (const id of [clientMessageId, randomUUID()])
      await expect(world.write(kept, 'before', id)).rejects.toMatchObject({ status: 401 });
    // With files the known message is looked for first.
    await expect(receive(kept, [await upload(kept)])).rejects.toMatchObject({ status: 401 });
    await expect(world.visitorPeer(kept)).rejects.toThrow('ended');
    const bare = await Peer.connect(world.url, '/customer');
    expect(await bare.refusal('customer_connect', { inboxKey, token: kept.token })).toBe('UNAUTHENTICATED');
    bare.close();

    const again = await world.write(known, 'before', clientMessageId);
    expect(await MessageModel.countDocuments({ clientMessageId })).toBe(1);
    expect(String(again.message.identity)).toBe(known.identityId);
  });

  it('is cut off although nobody told their process, as soon as they ask for something', async () => {
    const visitor = await world.visitor(inboxKey);
    const peer = await world.visitorPeer(visitor);
    await peer.heard('connection_established');
    await ContactIdentityModel.updateOne({ _id: visitor.identityId }, { $inc: { tokenEpoch: 1 } });
    expect(await peer.refusal('customer_message', { text: 'late' })).toBe('UNAUTHENTICATED');
    const now = jest.spyOn(world.hub.hub, 'now').mockImplementation(() => Date.now() + 6_000);
    expect(await peer.refusal('sync', { conversationId: null, rev: 0 })).toBe('UNAUTHENTICATED');
    now.mockRestore();
    await peer.cutByServer();
  });

  it('is cut off although the token ends while they come in', async () => {
    const visitor = await world.visitor(inboxKey);
    const witness = await world.visitorPeer(visitor);
    const find = ContactIdentityModel.findOne.bind(ContactIdentityModel);
    const spy = jest.spyOn(ContactIdentityModel, 'findOne').mockImplementationOnce(((
      ...args: Parameters<typeof find>
    ) => {
      const query = find(...args);
      const read = query.exec.bind(query);
      query.exec = async () => {
        const found = await read();
        await endVisitorSession(world.hub.hub, visitorActor(visitor));
        await witness.cutByServer();
        return found;
      };
      return query;
    }) as unknown as typeof ContactIdentityModel.findOne);
    try {
      await (await world.visitorPeer(visitor)).cutByServer();
    } finally {
      spy.mockRestore();
    }
  });

  it('is cut off when the visitor logs out over a socket, which is answered first', async () => {
    const visitor = await world.visitor(inboxKey);
    const [tab, other] = [await world.visitorPeer(visitor), await world.visitorPeer(visitor)];
    await tab.data('end_session', {});
    await Promise.all([tab.cutByServer(), other.cutByServer()]);
    await expect(world.visitorPeer(visitor)).rejects.toThrow('ended');
  });
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

  it.each([
    ['who was known before', 'u8', () => vouched('u8')],
    ['who becomes known', 'u9', () => world.visitor(inboxKey)],
  ])('or what their website says of one %s, is told to the team once', async (_whom, id, met) => {
    const before = await met();
    const { conversation } = await world.write(before, 'who am I?');
    const known = await vouched(id, before.token, { name: 'Vera Anew' });
    await vouched(id, known.token, { name: 'Vera Anew' });
    const told = await ConversationModel.findById(conversation._id).lean();
    expect(told?.version).toBe(conversation.version + 1);
    const presented = told && (await presentConversation(world.hub.hub, told));
    expect(presented?.contact.name).toBe('Vera Anew');
  });

  it('names nobody anew whom others have named', async () => {
    const known = await vouched('u4', undefined, { name: 'Vera Vouched' });
    const identity = await buildIdentity({ contact: new Types.ObjectId(known.contactId) });
    const told = { name: 'Mallory', email: 'mallory@example.com' };
    await introduceVisitor(world.hub.hub, identity, told);
    expect(await ContactModel.findById(known.contactId).lean()).toMatchObject({
      ...{ name: 'Vera Vouched', nameBy: 'website' },
      ...{ email: 'mallory@example.com', emailBy: 'contact' },
    });
  });

  it('changes nothing that their website vouches for', async () => {
    const known = await vouched('u3');
    await ContactModel.updateOne({ _id: known.contactId }, { $set: { name: 'Vera Vouched' } });
    await introduce(known.token, 'Mallory');
    expect(await ContactModel.findById(known.contactId).lean()).toMatchObject({ name: 'Vera Vouched' });
  });

  it('loses what nobody sees, whoever says it', async () => {
    const nameOf = async ({ contactId }: Visitor) => (await ContactModel.findById(contactId).lean())?.name;
    const stranger = await world.visitor(inboxKey);
    await introduce(stranger.token, 'Sam\u202E Stran\u200Bger');
    expect(await nameOf(stranger)).toBe('Sam Stranger');
    expect(await nameOf(await vouched('u7', undefined, { name: 'Ve\u2066ra\u00AD' }))).toBe('Vera');
  });

  it('is shown to the team as their own word, and what their website vouches for as its word', async () => {
    const toldBy = async (visitor: Visitor) => {
      const { conversation } = await world.write(visitor, 'who am I?');
      return (await presentConversation(world.hub.hub, conversation)).contact.toldBy;
    };
    const stranger = await world.visitor(inboxKey);
    expect(await toldBy(stranger)).toEqual({ name: null, email: null, phone: null });
    await introduce(stranger.token, 'Vera Vouched');
    expect(await toldBy(stranger)).toEqual({ name: 'contact', email: null, phone: null });
    const known = await vouched('u6', undefined, { name: 'Vera Vouched', email: 'vera@example.com' });
    expect(await toldBy(known)).toEqual({ name: 'website', email: 'website', phone: null });
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
