import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startRedis, type RedisServer } from '../../../embedded/redis/start-redis.js';
import type { Hub } from '../../../src/hub.js';
import { identitySecretOf } from '../../../src/commands/inboxes/inbox-config.js';
import { openVisitorSession } from '../../../src/commands/contacts/open-visitor-session.js';
import { updateInbox } from '../../../src/commands/inboxes/update-inbox.js';
import { updateUser } from '../../../src/commands/people/update-user.js';
import { createClientFaults } from '../../../src/logging/client-faults.js';
import { InboxModel } from '../../../src/models/index.js';
import { createRealtime } from '../../../src/realtime/server.js';
import type { CustomerMessageDto, MessageDto } from '../../../src/shared/schemas/message.js';
import type { ListSync } from '../../../src/shared/schemas/sync.js';
import { createLimits } from '../../../src/storage/rate-limits.js';
import { createRedis } from '../../../src/storage/redis.js';
import { identityHash } from '../../../src/utils/identity-hash.js';
import { Peer } from './support/peer.js';
import { until } from '../../support/until.js';
import { visitorOf, World, type Member } from './support/world.js';

/** The sockets' Redis client gives a command up after 1.5 s; the rest is for a busy machine. Milliseconds. */
const SOON = 6_000;

type Told = { message: MessageDto };

let redis: RedisServer;
let world: World;
/** Another process of the same installation, as far as sockets are concerned. */
let second: { url: string; hub: Hub };
let worker: Hub;
let admin: Member;
let anna: Member;
let shop: { id: string; key: string };
let identitySecret: string;

async function startSecond(): Promise<{ url: string; hub: Hub }> {
  const client = createRedis(redis.url, 'sockets', world.hub.hub.logger);
  const realtime = createRealtime(client, world.hub.hub.logger);
  const hub: Hub = { ...world.hub.hub, emitAfterCommit: (change) => realtime.emitAfterCommit(hub, change) };
  const http = createServer();
  realtime.serve(hub, http, createLimits(null, hub.logger), createClientFaults(hub.logger));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  world.closeLater(async () => {
    await realtime.close();
    client.disconnect();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, hub };
}

/** A process without sockets of its own. */
function startWorker(): Hub {
  const client = createRedis(redis.url, 'sockets', world.hub.hub.logger);
  const realtime = createRealtime(client, world.hub.hub.logger);
  const hub: Hub = { ...world.hub.hub, emitAfterCommit: (change) => realtime.emitAfterCommit(hub, change) };
  world.closeLater(async () => {
    await realtime.close();
    client.disconnect();
  });
  return hub;
}

beforeAll(async () => {
  redis = await startRedis();
  world = await World.start({ REDIS_URL: redis.url });
  second = await startSecond();
  worker = startWorker();
  admin = await world.member('admin', 'Ada Adler');
  anna = await world.member('agent', 'Anna Ahrens');
  shop = await world.webInbox([anna]);
  const inbox = await InboxModel.findById(shop.id).lean();
  identitySecret = identitySecretOf(world.hub.hub, inbox?.credentials ?? null) ?? '';
});
afterAll(async () => {
  await world.stop();
  await redis.stop();
});

const connect = async (url: string, namespace: '/agent' | '/customer', token: string): Promise<Peer> => {
  const peer = await Peer.connect(url, namespace, { token });
  world.closeLater(() => peer.close());
  return peer;
};

const says = (text: string) => (told: Told) => told.message.text === text;

/** A visitor on the first process and an agent on the second who holds their conversation. */
async function pair(): Promise<{ chat: Peer; agent: Peer; conversationId: string }> {
  const visitor = await world.visitor(shop.key);
  const chat = await connect(world.url, '/customer', visitor.token);
  const agent = await connect(second.url, '/agent', anna.accessToken);
  const sent = await chat.data<{ message: CustomerMessageDto }>('customer_message', { text: 'Hello' });
  await agent.heard<Told>('customer_message', ({ message }) => message.id === sent.message.id);
  await world.assign(admin, sent.message.conversationId, anna);
  return { chat, agent, conversationId: sent.message.conversationId };
}

describe('two processes', () => {
  it('carry messages, typing and read marks in both directions', async () => {
    const { chat, agent, conversationId } = await pair();
    await agent.data('send_message', { conversationId, text: 'Good morning' });
    await chat.heard<Told>('agent_message', says('Good morning'));
    await agent.data('typing', { conversationId, isTyping: true });
    await chat.heard('agent_typing');
    await chat.data('customer_typing', { isTyping: true });
    await agent.heard('customer_typing');
    await agent.data('mark_read', { conversationId, rev: 1 });
    await chat.heard<{ conversation: { teamReadUpTo: number } }>(
      'conversation_updated',
      ({ conversation }) => conversation.teamReadUpTo > 0,
    );
  });

  it('tell what a worker did', async () => {
    const { chat, agent, conversationId } = await pair();
    worker.emitAfterCommit({ type: 'availability', userId: anna.actor.userId, availability: 'away' });
    await agent.heard('agent_status_change');
    const text = 'by the worker';
    await world.answer(anna, conversationId, { text }, worker);
    await Promise.all([
      chat.heard<Told>('agent_message', says(text)),
      agent.heard<Told>('message_created', says(text)),
    ]);
  });

  it('say goodbye to a former holder on the other one', async () => {
    const { agent, conversationId } = await pair();
    await world.assign(admin, conversationId, admin);
    expect(await agent.heard('conversation_removed')).toEqual({ conversationId });
  });

  it('cut the sockets of somebody deactivated on the other one', async () => {
    const leaver = await world.member('agent', 'Lars Lang');
    const peer = await connect(second.url, '/agent', leaver.accessToken);
    const changes = { active: false };
    await updateUser(world.hub.hub, { actor: admin.actor, userId: leaver.actor.userId, changes });
    await peer.cutByServer();
  });

  it('cut the sockets of a visitor’s earlier tokens on the other one, and of no later ones', async () => {
    const visitor = await world.visitor(shop.key);
    const early = await connect(second.url, '/customer', visitor.token);
    const session = await openVisitorSession(world.hub.hub, {
      ...{ inboxKey: shop.key, origin: null, from: null, token: visitor.token },
      identity: { id: 'u1', hash: identityHash('u1', identitySecret) },
    });
    await early.cutByServer();
    const late = await connect(second.url, '/customer', session.token);
    // What the other process hears next shows that it has heard the first, too.
    const ended = { type: 'visitor_tokens_ended', identityId: visitor.identityId, epoch: 1 } as const;
    world.hub.hub.emitAfterCommit(ended);
    await world.write(visitorOf(session), 'from elsewhere');
    await late.heard('message_created');
    expect(late.ended).toBeNull();
  });

  it('let rights changed on the other one count before they say so', async () => {
    const bert = await world.member('agent', 'Bert Brandt');
    const peer = await connect(second.url, '/agent', bert.accessToken);
    const setMembers = (members: Member[]) =>
      updateInbox(world.hub.hub, {
        actor: admin.actor,
        inboxId: shop.id,
        changes: { memberIds: members.map(({ actor }) => actor.userId) },
      });
    const unassigned = { view: { kind: 'unassigned', inboxId: shop.id }, rows: [] };
    expect(await peer.refusal('sync_list', unassigned)).toBe('FORBIDDEN');
    await setMembers([anna, bert]);
    await peer.heard('scope_changed');
    await peer.data<ListSync>('sync_list', unassigned);
    await world.write(await world.visitor(shop.key), 'for both');
    await peer.heard<Told>('customer_message', says('for both'));
    await setMembers([anna]);
    await until(() => peer.events('scope_changed').length === 2);
    expect(await peer.refusal('sync_list', unassigned)).toBe('FORBIDDEN');
  });
});

describe('without Redis', () => {
  /** Sends until the other process hears of it; what was lost meanwhile, clients find when they catch up. */
  async function carriesAgain(chat: Peer, agent: Peer): Promise<void> {
    let n = 0;
    await until(async () => {
      const text = `again ${(n += 1)}`;
      await chat.data('customer_message', { text });
      return (agent.events('customer_message') as Told[]).some(({ message }) => message.text?.startsWith('again'));
    });
  }

  it('sockets of one process still hear of each other soon, and nothing hangs, while Redis is suspended', async () => {
    const { chat, agent, conversationId } = await pair();
    const beside = await connect(world.url, '/agent', admin.accessToken);
    await redis.kill('SIGSTOP');
    try {
      const begun = performance.now();
      await chat.data('customer_message', { text: 'into the silence' });
      await beside.heard<Told>('customer_message', says('into the silence'));
      expect(performance.now() - begun).toBeLessThan(SOON);
      const answered = performance.now();
      await beside.data('send_message', { conversationId, text: 'still here' });
      await chat.heard<Told>('agent_message', says('still here'));
      expect(performance.now() - answered).toBeLessThan(SOON);
      const visitor = await world.visitor(shop.key);
      const newcomer = await connect(world.url, '/customer', visitor.token);
      await newcomer.data('customer_message', { text: 'a new visitor' });
      const leaver = await world.member('agent', 'Lars Last');
      const cut = await connect(world.url, '/agent', leaver.accessToken);
      const changes = { active: false };
      await updateUser(world.hub.hub, { actor: admin.actor, userId: leaver.actor.userId, changes });
      await cut.cutByServer();
    } finally {
      await redis.kill('SIGCONT');
    }
    await carriesAgain(chat, agent);
  });

  it('the processes find together again after Redis has died with its data', async () => {
    const { chat, agent } = await pair();
    await redis.wipe();
    await carriesAgain(chat, agent);
  });
});
