import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { get } from 'node:http';
import { logOut } from '../../../src/commands/access/log-out.js';
import { updateUser } from '../../../src/commands/people/update-user.js';
import { ContactModel, InboxModel } from '../../../src/models/index.js';
import type { AuthSuccess } from '../../../src/shared/schemas/auth.js';
import type { ApiError } from '../../../src/shared/schemas/error.js';
import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import type { ConnectionEstablished } from '../../../src/shared/schemas/visitor.js';
import { TIMING } from '../../../src/shared/limits.js';
import { signAccessToken, signVisitorToken, TOKEN_LIFETIME } from '../../../src/utils/tokens.js';
import { Peer } from './support/peer.js';
import { holdTimers } from './support/timers.js';
import { until } from '../../support/until.js';
import { World, type Member } from './support/world.js';

const SHOP = 'https://shop.example';
const ELSEWHERE = 'https://elsewhere.example';
type Told = { message: CustomerMessageDto };

const NO_ID = '0'.repeat(24);

let world: World;
let admin: Member;
let anna: Member;
let open: { id: string; key: string };

beforeAll(async () => {
  world = await World.start({ CORS_ORIGINS: 'https://desk.example' });
  admin = await world.member('admin', 'Ada Adler');
  anna = await world.member('agent', 'Anna Ahrens');
  open = await world.webInbox([anna]);
});
afterAll(() => world.stop());

const bare = async (...options: Parameters<typeof Peer.connect> extends [string, ...infer Rest] ? Rest : never) => {
  const peer = await Peer.connect(world.url, ...options);
  world.closeLater(() => peer.close());
  return peer;
};

describe('a socket without a token', () => {
  it.each([
    ['/agent', 'send_message', { conversationId: NO_ID, text: 'hi' }],
    ['/customer', 'customer_message', { text: 'hi' }],
  ] as const)('may not call %s %s', async (namespace, event, input) => {
    const peer = await bare(namespace);
    expect(await peer.refusal(event, input)).toBe('UNAUTHENTICATED');
    peer.socket.emit(event, input);
    expect(await peer.heard<ApiError>('error')).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('becomes a staff socket by authenticate, with or without a callback', async () => {
    const peer = await bare('/agent');
    expect(await peer.refusal('authenticate', { token: 'made up' })).toBe('UNAUTHENTICATED');
    peer.socket.emit('authenticate', { token: 'made up' });
    await peer.heard('auth_error');
    const told = await peer.data<AuthSuccess>('authenticate', { token: anna.accessToken });
    expect(told.user.id).toBe(anna.user.id);
    expect(await peer.refusal('sync_list', { view: { kind: 'mine' }, rows: [] })).toBeNull();
    const second = await bare('/agent');
    second.socket.emit('authenticate', { token: anna.accessToken });
    await second.heard<AuthSuccess>('auth_success', ({ accessToken }) => accessToken === anna.accessToken);
  });

  it('becomes a visitor’s by customer_connect, and again with the token it was given', async () => {
    const peer = await bare('/customer');
    const first = await peer.data<ConnectionEstablished>('customer_connect', { inboxKey: open.key });
    await peer.data('customer_message', { text: 'hello' });
    const again = await bare('/customer');
    const told = await again.data<ConnectionEstablished>('customer_connect', {
      inboxKey: open.key,
      token: first.token,
    });
    expect(told.contactId).toBe(first.contactId);
    expect(told.conversation?.number).toMatch(/^TKT-/);
  });

  it('tells by customer_connect which page its visitor is on', async () => {
    const peer = await bare('/customer');
    const pageOf = async (contactId: string) => (await ContactModel.findById(contactId).lean())?.page?.url;
    const connect = (input: object) =>
      peer.data<ConnectionEstablished>('customer_connect', { inboxKey: open.key, ...input });
    const { contactId, token } = await connect({ page: { url: `${SHOP}/helmets`, title: 'Helmets' } });
    expect(await pageOf(contactId)).toBe(`${SHOP}/helmets`);
    await connect({ token, page: `${SHOP}/gloves` });
    expect(await pageOf(contactId)).toBe(`${SHOP}/gloves`);
  });

  it('is cut when its time is over, and stays when it has said who it is', async () => {
    const timers = holdTimers(TIMING.authenticateWithin);
    try {
      const [idle, silent, staff] = [await bare('/agent'), await bare('/customer'), await bare('/agent')];
      await staff.data('authenticate', { token: anna.accessToken });
      await until(() => timers.count() >= 3);
      timers.fire();
      await Promise.all([idle.cutByServer(), silent.cutByServer()]);
      expect(await staff.refusal('sync_list', { view: { kind: 'mine' }, rows: [] })).toBeNull();
    } finally {
      timers.restore();
    }
  });

  it('is refused with a token that is not ours', async () => {
    await expect(bare('/agent', { token: 'made up' })).rejects.toThrow('expired');
    await expect(bare('/customer', { token: 'made up' })).rejects.toThrow('ended');
    const visitor = await world.visitor(open.key);
    await expect(bare('/agent', { token: visitor.token })).rejects.toThrow('expired');
    await expect(bare('/customer', { token: anna.accessToken })).rejects.toThrow('ended');
  });
});

describe('an event that makes no sense', () => {
  const strange: [string, unknown][] = [
    ['no_such_event', {}],
    ['constructor', {}],
    ['__proto__', {}],
    ['send_message', undefined],
    ['send_message', null],
    ['send_message', { conversationId: { $gt: '' }, text: 'hi' }],
    ['send_message', { conversationId: NO_ID, text: 'x'.repeat(5_001) }],
    ['sync_list', { view: { kind: 'inbox' }, rows: [] }],
    ['sync_thread', { conversationId: NO_ID, rev: -1 }],
    ['mark_read', { conversationId: NO_ID, rev: 1e300 }],
  ];

  it.each(strange)(
    '%s with something strange (%#) is answered with an error, with and without a callback',
    async (event, input) => {
      const peer = await world.staffPeer(anna);
      const code =
        event.endsWith('_event') || event.includes('o_') || event === 'constructor'
          ? 'UNKNOWN_EVENT'
          : 'VALIDATION_ERROR';
      expect(await peer.refusal(event, input)).toBe(code);
      peer.socket.emit(event, input);
      expect(await peer.heard<ApiError>('error')).toMatchObject({ code });
      expect(await peer.refusal('sync_list', { view: { kind: 'mine' }, rows: [] })).toBeNull();
    },
  );

  it('without any argument is answered too', async () => {
    const peer = await world.visitorPeer(await world.visitor(open.key));
    peer.socket.emit('customer_message');
    expect(await peer.heard<ApiError>('error')).toMatchObject({ code: 'VALIDATION_ERROR' });
    const ack = await peer.socket.timeout(30_000).emitWithAck('customer_message');
    expect(ack).toMatchObject({ ok: false, error: { code: 'VALIDATION_ERROR' } });
    peer.socket.emit('customer_message', 'a', 'b', 'c');
    await until(() => peer.events('error').length === 2);
  });
});

describe('a staff socket is cut', () => {
  const deactivate = (member: Member): Promise<unknown> =>
    updateUser(world.hub.hub, { actor: admin.actor, userId: member.actor.userId, changes: { active: false } });

  it('when its user is deactivated, every one of theirs', async () => {
    const leaver = await world.member('agent', 'Lars Lang');
    const [one, two, other] = [
      await world.staffPeer(leaver),
      await world.staffPeer(leaver),
      await world.staffPeer(anna),
    ];
    await deactivate(leaver);
    await Promise.all([one.cutByServer(), two.cutByServer()]);
    expect(other.ended).toBeNull();
    await expect(bare('/agent', { token: leaver.accessToken })).rejects.toThrow('ended');
  });

  it('when its user is deactivated while it connects', async () => {
    const leaver = await world.member('agent', 'Lars Late');
    const earlier = await world.staffPeer(leaver);
    const find = InboxModel.find.bind(InboxModel);
    const spy = jest.spyOn(InboxModel, 'find').mockImplementationOnce(((...args: Parameters<typeof find>) => {
      const query = find(...args);
      const lean = query.lean();
      const read = lean.exec.bind(lean);
      lean.exec = async () => {
        const rows = await read();
        await deactivate(leaver);
        await earlier.cutByServer();
        return rows;
      };
      query.lean = (() => lean) as unknown as typeof query.lean;
      return query;
    }) as unknown as typeof InboxModel.find);
    try {
      const late = await bare('/agent', { token: leaver.accessToken }).catch(() => null);
      if (late !== null) await late.cutByServer();
    } finally {
      spy.mockRestore();
    }
  });

  it('when its log-in ends, and only that one', async () => {
    const member = await world.member('agent', 'Two Devices');
    const peer = await world.staffPeer(member);
    const other = await world.staffPeer(anna);
    await logOut(world.hub.hub, member.refreshToken);
    await peer.cutByServer();
    expect(other.ended).toBeNull();
    await expect(bare('/agent', { token: member.accessToken })).rejects.toThrow('ended');
  });

  it('when its token runs out, and is told why', async () => {
    const { env, now } = world.hub.hub;
    const { userId, sessionId } = anna.actor;
    const nearlyOver = now() - TOKEN_LIFETIME.access + 3_000;
    const token = signAccessToken({ userId, sessionId }, env.JWT_SECRET, nearlyOver);
    const peer = await bare('/agent', { token });
    await peer.cutByServer();
    expect(peer.events('auth_error')).toEqual([expect.objectContaining({ code: 'UNAUTHENTICATED' })]);
    await expect(bare('/agent', { token })).rejects.toThrow('expired');
  });

  it('as a visitor’s is when its token runs out', async () => {
    const { env, now } = world.hub.hub;
    const { identityId } = await world.visitor(open.key);
    const nearlyOver = now() - TOKEN_LIFETIME.visitor + 3_000;
    const token = signVisitorToken({ identityId, inboxId: open.id, epoch: 0 }, env.JWT_SECRET, nearlyOver);
    const peer = await bare('/customer', { token });
    await peer.cutByServer();
  });
});

describe('a socket that becomes somebody else’s', () => {
  it('hears no more of what the former one may hear, on the staff’s side', async () => {
    const former = await world.member('admin', 'Formerly Admin');
    const next = await world.member('agent', 'Now Agent');
    const peer = await bare('/agent', { token: former.accessToken });
    await peer.data('authenticate', { token: next.accessToken });
    const witness = await world.staffPeer(admin);
    await world.write(await world.visitor(open.key), 'for admins and members');
    await witness.heard('customer_message');
    await peer.data('update_status', { status: 'busy' });
    await peer.heard('agent_status_change');
    expect(peer.events('customer_message')).toEqual([]);
  });

  it('hears no more of what the former one may hear, on the visitors’ side', async () => {
    const former = await world.visitor(open.key);
    const [peer, tab] = [await world.visitorPeer(former), await world.visitorPeer(former)];
    await peer.data('customer_connect', { inboxKey: open.key });
    await world.write(former, 'the former one');
    await tab.heard('message_created');
    await peer.data('customer_message', { text: 'the next one', clientMessageId: 'next-1' });
    await peer.heard<Told>('message_created', ({ message }) => message.text === 'the next one');
    expect((peer.events('message_created') as Told[]).map(({ message }) => message.text)).toEqual(['the next one']);
  });
});

describe('a page of another website', () => {
  it('opens no staff socket, by WebSocket or polling; our own and listed ones do', async () => {
    for (const transports of [['websocket'], ['polling']] as ('websocket' | 'polling')[][]) {
      const from = (origin: string) => bare('/agent', { token: anna.accessToken, origin, transports });
      await expect(from(ELSEWHERE)).rejects.toThrow('website');
      await expect(from('null')).rejects.toThrow('website');
      expect((await from('https://desk.example')).ended).toBeNull();
      expect((await from(new URL(world.hub.hub.env.PUBLIC_URL).origin)).ended).toBeNull();
    }
  });

  it('opens nothing under a name of its own that was made to lead here', async () => {
    const status = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        get(`${world.url}/socket.io/?EIO=4&transport=polling`, { headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        }).on('error', reject);
      });
    const { host, port } = new URL(world.url);
    expect(await status(`evil.example:${port}`)).toBe(403);
    expect(await status(host)).toBe(200);
  });

  it('opens a visitor’s socket only where the inbox lists it', async () => {
    const shop = await world.webInbox([anna], { allowedOrigins: [SHOP] });
    const { hub } = world.hub;
    const claims = { identityId: (await world.visitor(open.key)).identityId, inboxId: open.id, epoch: 0 };
    const anywhere = signVisitorToken(claims, hub.env.JWT_SECRET, hub.now());
    expect((await bare('/customer', { token: anywhere, origin: ELSEWHERE })).ended).toBeNull();

    const atHome = await bare('/customer', { origin: SHOP });
    const { token } = await atHome.data<ConnectionEstablished>('customer_connect', { inboxKey: shop.key });
    expect((await bare('/customer', { token, origin: SHOP })).ended).toBeNull();
    await expect(bare('/customer', { token, origin: ELSEWHERE })).rejects.toThrow('website');
    const stranger = await bare('/customer', { origin: ELSEWHERE });
    expect(await stranger.refusal('customer_connect', { inboxKey: shop.key })).toBe('FORBIDDEN');
    expect(await stranger.refusal('customer_connect', { inboxKey: shop.key, token })).toBe('FORBIDDEN');
  });
});
