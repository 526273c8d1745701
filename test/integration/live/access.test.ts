import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setAvailability } from '../../../src/commands/people/set-availability.js';
import { updateInbox } from '../../../src/commands/inboxes/update-inbox.js';
import { updateUser } from '../../../src/commands/people/update-user.js';
import { AuditEventModel, ContactModel } from '../../../src/models/index.js';
import type { ConversationDto } from '../../../src/shared/schemas/conversation.js';
import type { ListSync } from '../../../src/shared/schemas/sync.js';
import type { Peer } from './support/peer.js';
import { until } from '../../support/until.js';
import { World, type Member, type Visitor } from './support/world.js';

let world: World;
let admin: Member;
let anna: Member;
let bert: Member;
let stranger: Member;
let lead: Member;
let shop: { id: string; key: string };
let members: Member[];

beforeAll(async () => {
  world = await World.start();
});
beforeEach(async () => {
  [admin, anna, bert, stranger, lead] = await Promise.all([
    world.member('admin', 'Ada Adler'),
    world.member('agent', 'Anna Ahrens'),
    world.member('agent', 'Bert Brandt'),
    world.member('agent', 'Stig Storm'),
    world.member('supervisor', 'Lea Lorenz'),
  ]);
  members = [anna, bert, lead];
  shop = await world.webInbox(members);
});
afterAll(() => world.stop());

const setMembers = (list: Member[]) =>
  updateInbox(world.hub.hub, {
    actor: admin.actor,
    inboxId: shop.id,
    changes: { memberIds: list.map(({ actor }) => actor.userId) },
  });

/** Waits until everything told before has arrived: what is told to all of the team comes after it. */
async function settled(...peers: Peer[]): Promise<void> {
  const isMark = ({ userId }: { userId: string }): boolean => userId === admin.actor.userId;
  const before = peers.map((peer) => peer.events('agent_status_change').length);
  await setAvailability(world.hub.hub, admin.actor, admin.actor.userId, 'busy');
  await setAvailability(world.hub.hub, admin.actor, admin.actor.userId, 'available');
  await Promise.all(
    peers.map((peer, index) =>
      until(
        () => (peer.events('agent_status_change') as { userId: string }[]).filter(isMark).length > (before[index] ?? 0),
      ),
    ),
  );
}

it('a refusal that could not be written down is logged with the number of its socket', async () => {
  const { logger } = world.hub.hub;
  const logged: object[] = [];
  const scoped = jest.spyOn(logger, 'with').mockImplementation((context) => ({
    ...logger,
    error: (_category, message) => void logged.push({ message, ...context }),
  }));
  const peer = await world.staffPeer(stranger);
  const { conversation } = await world.write(await world.visitor(shop.key), 'Hello');
  const writing = jest.spyOn(AuditEventModel, 'updateOne').mockImplementation(() => {
    throw new Error('the store is away');
  });
  try {
    expect(await peer.refusal('change_labels', { conversationId: String(conversation._id), add: [] })).toBe(
      'FORBIDDEN',
    );
  } finally {
    writing.mockRestore();
    scoped.mockRestore();
  }
  const message = 'a denied call could not be written down';
  expect(logged).toEqual([{ message, requestId: expect.stringMatching(/./) }]);
});

/** What a peer was told of conversations. */
const toldOf = (peer: Peer, conversationId: string): string[] =>
  peer.frames.filter(({ data }) => JSON.stringify(data).includes(conversationId)).map(({ event }) => event);

const withText = (text: string) => (data: { message: { text: string | null } }) => data.message.text === text;

/** A conversation that Anna holds, of which all has been told: sockets that come later hear nothing of it any more. */
async function held(): Promise<{ visitor: Visitor; conversationId: string }> {
  const visitor = await world.visitor(shop.key);
  const witness = await world.staffPeer(anna);
  const { conversation } = await world.write(visitor, 'Good morning');
  await world.assign(lead, String(conversation._id), anna);
  await witness.heard('message_created');
  witness.close();
  return { visitor, conversationId: String(conversation._id) };
}

describe('somebody without rights on a conversation', () => {
  it('is told nothing of it', async () => {
    const [holder, colleague, outsider] = await Promise.all([anna, bert, stranger].map((who) => world.staffPeer(who)));
    if (!holder || !colleague || !outsider) throw new Error('nobody came');
    const { visitor, conversationId } = await held();
    await holder.heard('message_created');
    const forgotten = colleague.frames.length;

    const chat = await world.visitorPeer(visitor);
    await chat.data('customer_message', { text: 'for Anna only', clientMessageId: 'a1' });
    await holder.data('send_message', { conversationId, text: 'a secret answer' });
    await holder.data('send_message', { conversationId, text: 'a secret note', note: true });
    await holder.data('typing', { conversationId, isTyping: true });
    await chat.data('customer_typing', { isTyping: true });
    await holder.data('mark_read', { conversationId, rev: 3 });
    await holder.data('update_ticket_status', { conversationId, status: 'pending' });
    await holder.heard<{ conversation: ConversationDto }>(
      'message_created',
      ({ conversation }) => conversation.status === 'pending',
    );
    await settled(holder, colleague, outsider);

    expect(toldOf(outsider, conversationId)).toEqual([]);
    expect(colleague.frames.slice(forgotten).map(({ event }) => event)).toEqual(
      expect.not.arrayContaining(['customer_message', 'message_created', 'message_updated', 'ticket_updated']),
    );
    expect(JSON.stringify(colleague.frames.slice(forgotten))).not.toContain(conversationId);
  });

  it('is refused every call about it, and each refusal is written down', async () => {
    const outsider = await world.staffPeer(stranger);
    const { conversationId } = await held();
    const calls: [string, object][] = [
      ['sync_thread', { conversationId, rev: 0 }],
      ['get_ticket_details', { conversationId }],
      ['send_message', { conversationId, text: 'let me in' }],
      ['send_message', { conversationId, text: 'let me in', note: true }],
      ['update_ticket_status', { conversationId, status: 'closed' }],
      ['assign', { conversationId, assigneeId: stranger.actor.userId }],
      ['typing', { conversationId, isTyping: true }],
      ['open_conversation', { conversationId }],
      ['mark_read', { conversationId, rev: 1 }],
      ['sync_list', { view: { kind: 'inbox', inboxId: shop.id }, rows: [] }],
      ['sync_list', { view: { kind: 'unassigned', inboxId: shop.id }, rows: [] }],
    ];
    for (const [event, input] of calls)
      expect([event, await outsider.refusal(event, input)]).toEqual([event, 'FORBIDDEN']);
    const denials = await AuditEventModel.find({
      type: 'access.denied',
      actor: `user:${stranger.actor.userId}`,
    }).lean();
    const told = denials.map(({ subject, data, count }) => [subject, (data as { ability: string }).ability, count]);
    expect(told.sort()).toEqual(
      [
        [`conversation:${conversationId}`, 'conversation.view', 3],
        [`conversation:${conversationId}`, 'conversation.send', 2],
        [`conversation:${conversationId}`, 'conversation.note', 1],
        [`conversation:${conversationId}`, 'conversation.changeStatus', 1],
        [`conversation:${conversationId}`, 'conversation.assign', 1],
        [`conversation:${conversationId}`, 'conversation.read', 1],
        [`inbox:${shop.id}`, 'conversation.view', 2],
      ].sort(),
    );
    const mine = await outsider.data<ListSync>('sync_list', { view: { kind: 'mine' }, rows: [] });
    expect(mine).toMatchObject({ ids: [], changed: [], counts: { mine: 0, unassigned: {} } });
  });

  it('cannot fill the audit trail, by repeating itself or by naming ever other things', async () => {
    const prober = await world.member('agent', 'Paula Prober');
    const peer = await world.staffPeer(prober);
    const { conversationId } = await held();
    const call = (event: string, input: object) => peer.refusal(event, input);
    const asked = [
      ...Array.from({ length: 100 }, () => call('sync_thread', { conversationId, rev: 0 })),
      ...Array.from({ length: 60 }, (_, n) => {
        const inboxId = n.toString(16).padStart(24, '0');
        return call('sync_list', { view: { kind: 'inbox', inboxId }, rows: [] });
      }),
    ];
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['FORBIDDEN']));
    const rows = await AuditEventModel.find({ actor: `user:${prober.actor.userId}` }).lean();
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(160);
    // One more for each row if the clock began another span in between.
    expect(rows.length).toBeLessThanOrEqual(2 * 21);
    expect(rows.some(({ subject }) => subject === null)).toBe(true);
  });

  it('cannot do so as a visitor either', async () => {
    const { conversationId } = await held();
    const prober = await world.visitor(shop.key);
    const peer = await world.visitorPeer(prober);
    const asked = Array.from({ length: 60 }, () => peer.refusal('sync', { conversationId, rev: 0 }));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['FORBIDDEN']));
    const rows = await AuditEventModel.find({ actor: `identity:${prober.identityId}` }).lean();
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(60);
    expect(rows.length).toBeLessThanOrEqual(2);
    expect(rows[0]).toMatchObject({ type: 'access.denied', subject: `conversation:${conversationId}` });
  });

  it('sees only the unassigned of an inbox as an agent, and all of it as a supervisor', async () => {
    const colleague = await world.staffPeer(bert);
    const supervisor = await world.staffPeer(lead);
    const { conversationId } = await held();
    const all = { view: { kind: 'inbox', inboxId: shop.id }, rows: [] };
    expect(await colleague.refusal('sync_list', all)).toBe('FORBIDDEN');
    expect((await supervisor.data<ListSync>('sync_list', all)).ids).toEqual([conversationId]);
    const unassigned = { view: { kind: 'unassigned', inboxId: shop.id }, rows: [] };
    expect((await colleague.data<ListSync>('sync_list', unassigned)).ids).toEqual([]);
  });
});

describe('a conversation that is given away', () => {
  it('says goodbye to its former holder and nothing more', async () => {
    const { visitor, conversationId } = await held();
    const [former, next] = [await world.staffPeer(anna), await world.staffPeer(bert)];
    await former.data('open_conversation', { conversationId });

    await world.assign(lead, conversationId, bert);
    await next.heard('message_created');
    const chat = await world.visitorPeer(visitor);
    await chat.data('customer_message', { text: 'who is there?', clientMessageId: 'b1' });
    await next.data('send_message', { conversationId, text: 'Bert here' });
    await next.heard('message_created', withText('Bert here'));
    await settled(former, next);

    expect(toldOf(former, conversationId)).toEqual(['conversation_removed']);
    expect(former.events('conversation_removed')).toEqual([{ conversationId }]);
    expect(await former.refusal('sync_thread', { conversationId, rev: 0 })).toBe('FORBIDDEN');
  });

  it('is not heard of after the goodbye, even if what happened before takes long to present', async () => {
    const { visitor, conversationId } = await held();
    const [former, next] = [await world.staffPeer(anna), await world.staffPeer(bert)];
    let present = (): void => undefined;
    const presented = new Promise<void>((resolve) => (present = resolve));
    const find = ContactModel.find.bind(ContactModel);
    const spy = jest.spyOn(ContactModel, 'find').mockImplementationOnce(((...args: Parameters<typeof find>) => {
      const query = find(...args);
      const read = query.exec.bind(query);
      query.exec = async () => {
        await presented;
        return read();
      };
      return query;
    }) as unknown as typeof ContactModel.find);
    try {
      await world.write(visitor, 'just before');
      await world.assign(lead, conversationId, bert);
    } finally {
      present();
      spy.mockRestore();
    }
    await next.heard('message_created');
    await former.heard('customer_message', withText('just before'));
    await settled(former, next);
    expect(toldOf(former, conversationId)).toEqual(['customer_message', 'conversation_removed']);
  });

  it('leaves the queue of those who could have claimed it', async () => {
    const visitor = await world.visitor(shop.key);
    const [claimer, other, supervisor] = [
      await world.staffPeer(anna),
      await world.staffPeer(bert),
      await world.staffPeer(lead),
    ];
    const { conversation } = await world.write(visitor, 'Hello');
    const conversationId = String(conversation._id);
    await other.heard('customer_message', withText('Hello'));
    await claimer.data('assign', { conversationId, assigneeId: anna.actor.userId });
    await supervisor.heard('message_created');
    await settled(claimer, other, supervisor);
    expect(toldOf(other, conversationId)).toEqual(['new_ticket', 'customer_message', 'conversation_removed']);
    expect(toldOf(claimer, conversationId)).not.toContain('conversation_removed');
    expect(toldOf(supervisor, conversationId)).not.toContain('conversation_removed');
    expect(await other.refusal('assign', { conversationId, assigneeId: bert.actor.userId })).toBe('FORBIDDEN');
  });
});

describe('rights that change', () => {
  it('count at once for a socket that is open: an inbox is taken away', async () => {
    const [leaving, staying] = [await world.staffPeer(anna), await world.staffPeer(bert)];
    await setMembers([bert, lead]);
    await leaving.heard('scope_changed');
    const { conversation } = await world.write(await world.visitor(shop.key), 'not for Anna any more');
    await staying.heard('new_ticket');
    await settled(leaving, staying);
    expect(toldOf(leaving, String(conversation._id))).toEqual([]);
  });

  it('count at once for a socket that is open: an inbox is given', async () => {
    const coming = await world.staffPeer(stranger);
    await setMembers([...members, stranger]);
    await coming.heard('scope_changed');
    await world.write(await world.visitor(shop.key), 'welcome');
    await coming.heard('customer_message', withText('welcome'));
  });

  it('count at once for a socket that is open: a supervisor becomes an agent', async () => {
    const peer = await world.staffPeer(lead);
    const holder = await world.staffPeer(anna);
    const { visitor, conversationId } = await held();
    await peer.heard('message_created');
    const changes = { role: 'agent' as const };
    await updateUser(world.hub.hub, { actor: admin.actor, userId: lead.actor.userId, changes });
    await peer.heard('scope_changed');
    const before = peer.frames.length;
    await world.write(visitor, 'for the holder');
    await holder.heard('customer_message', withText('for the holder'));
    await settled(peer, holder);
    expect(JSON.stringify(peer.frames.slice(before))).not.toContain(conversationId);
  });
});
