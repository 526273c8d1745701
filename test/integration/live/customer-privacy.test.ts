import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ContactIdentityModel, MessageModel } from '../../../src/models/index.js';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import type { CustomerConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { ApiError } from '../../../src/shared/schemas/error.js';
import type { CustomerMessageDto, ReactionDto, SenderDto } from '../../../src/shared/schemas/message.js';
import type { CustomerSync } from '../../../src/shared/schemas/sync.js';
import type { ConnectionEstablished } from '../../../src/shared/schemas/visitor.js';
import type { CustomerToServer, ServerToCustomer } from '../../../src/shared/socket-catalogue/index.js';
import { signVisitorToken } from '../../../src/utils/tokens.js';
import type { Frame, Peer } from './support/peer.js';
import { Peer as BarePeer } from './support/peer.js';
import { UNAVAILABLE } from '../../support/platform.js';
import { until } from '../../support/until.js';
import { World, type Member, type Visitor } from './support/world.js';

/** Every field a customer may be told, from the types themselves: a new one has to be added here by somebody who thinks. */
const MESSAGE: Record<keyof CustomerMessageDto, true> = {
  id: true,
  conversationId: true,
  seq: true,
  rev: true,
  orderAt: true,
  tieKey: true,
  kind: true,
  sender: true,
  text: true,
  attachments: true,
  quickReplies: true,
  replyTo: true,
  reactions: true,
  edited: true,
  unsent: true,
  removed: true,
  clientMessageId: true,
};
const CONVERSATION: Record<keyof CustomerConversationDto, true> = {
  id: true,
  number: true,
  status: true,
  agentName: true,
  rev: true,
  version: true,
  teamReadUpTo: true,
};
const SENDER: Record<keyof SenderDto, true> = { type: true, id: true, name: true };
const REACTION: Record<keyof ReactionDto, true> = { emoji: true, by: true };
const ATTACHMENT: Record<keyof AttachmentDto, true> = {
  id: true,
  kind: true,
  name: true,
  mimeType: true,
  size: true,
  state: true,
  url: true,
  link: true,
  details: true,
};
const ERROR: Record<keyof ApiError, true> = { code: true, message: true, details: true, retryAfter: true };
const ESTABLISHED: Record<keyof ConnectionEstablished, true> = { token: true, contactId: true, conversation: true };
const SYNC: Record<keyof CustomerSync, true> = { conversation: true, messages: true, rev: true, more: true };
const TOLD: Record<keyof ServerToCustomer, readonly string[]> = {
  connection_established: keys(ESTABLISHED),
  agent_message: ['message', 'conversation'],
  message_created: ['message', 'conversation'],
  message_updated: ['message', 'conversation'],
  message_sent: ['message', 'conversation'],
  agent_assigned: ['conversation'],
  ticket_status_change: ['conversation'],
  conversation_updated: ['conversation'],
  agent_typing: ['conversationId', 'isTyping'],
  error: keys(ERROR),
};
const ANSWERED: Record<keyof CustomerToServer, readonly string[] | null> = {
  customer_connect: keys(ESTABLISHED),
  customer_message: ['message', 'conversation'],
  customer_typing: null,
  customer_disconnect: null,
  end_session: null,
  sync: keys(SYNC),
  receipt: null,
};
/** What may stand inside a field that holds objects. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  message: keys(MESSAGE),
  messages: keys(MESSAGE),
  conversation: keys(CONVERSATION),
  sender: keys(SENDER),
  reactions: keys(REACTION),
  attachments: keys(ATTACHMENT),
  quickReplies: ['title', 'payload'],
  replyTo: ['messageId', 'preview'],
  details: ['label', 'value', 'field', 'message'],
};

function keys(of: object): readonly string[] {
  return Object.keys(of);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Paths of everything in `value` that is not on the lists. */
function strangeFields(value: unknown, allowed: readonly string[] | null, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => strangeFields(item, allowed, path));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (allowed?.includes(key) !== true) return [`${path}.${key}`];
    // An error's message is a sentence; a told message is an object.
    return isObject(inner) ? strangeFields(inner, INSIDE[key] ?? null, `${path}.${key}`) : [];
  });
}

function strangeInFrame({ event, data }: Frame): string[] {
  const call = event.startsWith('ack of ') ? event.slice('ack of '.length) : null;
  if (call === null) return strangeFields(data, TOLD[event as keyof ServerToCustomer] ?? null, event);
  const ack = data as { ok: boolean; data?: unknown; error?: unknown };
  return [
    ...keys(ack).filter((key) => key !== 'ok' && key !== 'data' && key !== 'error'),
    ...strangeFields(ack.data, ANSWERED[call as keyof CustomerToServer] ?? null, event),
    ...strangeFields(ack.error, keys(ERROR), event),
  ];
}

/** Every message in everything that was said. */
function messagesIn(value: unknown): CustomerMessageDto[] {
  if (Array.isArray(value)) return value.flatMap(messagesIn);
  if (!isObject(value)) return [];
  const own = 'orderAt' in value && 'sender' in value ? [value as unknown as CustomerMessageDto] : [];
  return [...own, ...Object.values(value).flatMap(messagesIn)];
}

let world: World;
let anna: Member;
let lead: Member;
let shop: { id: string; key: string };
let pageId: string;

beforeAll(async () => {
  world = await World.start();
  anna = await world.member('agent', 'Anna Surnamehidden');
  lead = await world.member('supervisor', 'Lea Surnamesecret');
  shop = await world.webInbox([anna, lead]);
  pageId = await world.page([anna, lead]);
});
afterAll(() => world.stop());

describe('what a visitor is told', () => {
  const frames: Frame[] = [];
  const secrets: string[] = [];
  const peers: Peer[] = [];

  const open = async (visitor: Visitor): Promise<Peer> => {
    const peer = await world.visitorPeer(visitor);
    peers.push(peer);
    return peer;
  };

  /** A website's visitor lives through everything that a conversation can see. */
  async function onTheWebsite(): Promise<void> {
    const other = await world.visitor(shop.key);
    const foreign = await world.write(other, 'Words of another visitor');
    secrets.push('Words of another visitor', other.identityId, other.contactId, String(foreign.conversation._id));
    const visitor = await world.visitor(shop.key);
    const [chat, otherTab] = [await open(visitor), await open(visitor)];
    await otherTab.heard('connection_established');
    const first = await chat.data<{ message: CustomerMessageDto }>('customer_message', {
      text: 'Hello',
      clientMessageId: 'h1',
    });
    const { conversationId } = first.message;
    await chat.call('customer_typing', { isTyping: true });
    await otherTab.heard('message_created');
    chat.socket.emit('customer_message', { text: 'Without an acknowledgement' });
    await chat.heard('message_sent');
    chat.socket.emit('no_such_event', {});
    await chat.heard('error');

    await world.assign(lead, conversationId, anna);
    const note = await world.answer(anna, conversationId, { text: 'Words of a private note', note: true });
    secrets.push('private note', String(note._id));
    const agent = await world.staffPeer(anna);
    await agent.data('typing', { conversationId, isTyping: true });
    await chat.heard('agent_typing');
    await world.answer(anna, conversationId, {
      text: 'Hello yourself',
      clientMessageId: 'agents-own-id',
      replyToMessageId: String(note._id),
    });
    secrets.push('agents-own-id');
    const told = await chat.heard<{ message: CustomerMessageDto }>('agent_message');
    await chat.call('customer_message', {
      text: 'About that',
      clientMessageId: 'h2',
      replyToMessageId: String(note._id),
    });
    await chat.call('customer_message', {
      text: 'About another’s',
      clientMessageId: 'h3',
      replyToMessageId: String(foreign.message._id),
    });
    await agent.data('mark_read', { conversationId, rev: told.message.rev });
    await chat.heard('conversation_updated');
    await chat.call('receipt', { conversationId, readUpTo: told.message.orderAt });
    await agent.data('update_ticket_status', { conversationId, status: 'resolved' });
    await chat.heard('ticket_status_change');

    await chat.call('sync', { conversationId, rev: 0 });
    expect(await chat.refusal('sync', { conversationId: String(foreign.conversation._id), rev: 0 })).toBe('FORBIDDEN');
    expect(await chat.refusal('receipt', { conversationId: String(foreign.conversation._id) })).toBe('FORBIDDEN');
    expect(await chat.refusal('customer_message', { text: 7 })).toBe('VALIDATION_ERROR');
    // Said to somebody who may not know, the ids above would be no secret any more.
    await chat.call('customer_disconnect', {});
    await otherTab.call('end_session', {});
  }

  /** The same person-side view of a Page's conversation, where deliveries fail. */
  async function onThePage(): Promise<void> {
    const psid = '7364019285520143';
    await world.webhook(psid, { timestamp: Date.now(), message: { mid: 'm_privacy_1', text: 'From the Page' } });
    const identity = await until(() => ContactIdentityModel.findOne({ inbox: pageId, externalId: psid }).lean().exec());
    const message = await until(() => MessageModel.findOne({ identity: identity._id }).lean().exec());
    const identityId = String(identity._id);
    const { env, now } = world.hub.hub;
    const token = signVisitorToken({ identityId, inboxId: pageId, epoch: 0 }, env.JWT_SECRET, now());
    const contactId = String(identity.contact);
    const chat = await open({ token, identityId, contactId, inboxId: pageId, epoch: 0 });
    world.platform.otherwise = UNAVAILABLE;
    await world.answer(anna, String(message.conversation), { text: 'This does not arrive' });
    const failed = await until(() =>
      MessageModel.findOne({ text: 'This does not arrive', 'parts.state': 'failed' }).lean().exec(),
    );
    const reason = failed.parts[0]?.error?.message ?? '';
    expect(reason).not.toBe('');
    secrets.push(reason, 'cannot be reached', 'failed', failed.parts[0]?.attemptId ?? 'no attempt');
    await until(() => chat.events('message_updated').length > 0);
    await chat.call('sync', { conversationId: null, rev: 0 });
  }

  /** Somebody without a token opens a session over the socket. */
  async function overTheSocket(): Promise<void> {
    const chat = await BarePeer.connect(world.url, '/customer');
    peers.push(chat);
    await chat.call('customer_connect', { inboxKey: 'no such key' });
    await chat.data('customer_connect', { inboxKey: shop.key, name: 'Kim', email: 'kim@example.com' });
    await chat.call('sync', { conversationId: null, rev: 0 });
    chat.close();
  }

  beforeAll(async () => {
    for (const { user, actor, accessToken, refreshToken } of [anna, lead]) {
      secrets.push(user.id, user.email, user.name.split(' ')[1] ?? '', actor.sessionId, accessToken, refreshToken);
    }
    await onTheWebsite();
    await onThePage();
    await overTheSocket();
    frames.push(...peers.flatMap((peer) => peer.frames));
  });

  it('was everything the catalogue has, so that nothing escapes this test', () => {
    const said = new Set(frames.map(({ event }) => event));
    expect(keys(TOLD).filter((event) => !said.has(event))).toEqual([]);
    expect(keys(ANSWERED).filter((call) => !said.has(`ack of ${call}`))).toEqual([]);
    const known = new Set([...keys(TOLD), ...keys(ANSWERED).map((call) => `ack of ${call}`)]);
    expect([...said].filter((event) => !known.has(event))).toEqual([]);
  });

  it('holds no field that is not meant for visitors', () => {
    expect(frames.flatMap(strangeInFrame)).toEqual([]);
  });

  it('holds none of the secrets', () => {
    const leaks = frames.flatMap((frame) => {
      const said = JSON.stringify(frame).toLowerCase();
      return secrets
        .filter((secret) => said.includes(secret.toLowerCase()))
        .map((secret) => `${frame.event}: ${secret}`);
    });
    expect(secrets.filter((secret) => secret.length < 5)).toEqual([]);
    expect(leaks).toEqual([]);
  });

  it('holds messages only, and of the team no more than first names', () => {
    const messages = messagesIn(frames.map(({ data }) => data));
    expect(new Set(messages.map(({ kind }) => kind))).toEqual(new Set(['message']));
    const ours = messages.filter(({ sender }) => sender.type !== 'contact');
    expect(ours.length).toBeGreaterThan(0);
    for (const { sender, clientMessageId } of ours) {
      expect({ sender, clientMessageId }).toEqual({
        sender: { type: 'agent', id: null, name: 'Anna' },
        clientMessageId: null,
      });
    }
    const answers = messages.flatMap(({ replyTo }) => replyTo ?? []);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(answer).toEqual({ messageId: null, preview: null });
  });
});
