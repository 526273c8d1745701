import { createHmac, randomUUID } from 'node:crypto';
import { createInbox } from '../../../../src/commands/inboxes/create-inbox.js';
import type { Hub } from '../../../../src/hub.js';
import { act } from '../../../../src/commands/act.js';
import { insertUser } from '../../../../src/commands/people/insert-user.js';
import { openVisitorSession, type VisitorSession } from '../../../../src/commands/contacts/open-visitor-session.js';
import { assignConversation } from '../../../../src/commands/conversations/assign-conversation.js';
import { receiveMessage } from '../../../../src/commands/messages/receive-message.js';
import { sendMessage } from '../../../../src/commands/messages/send-message.js';
import { sendMessageInput } from '../../../../src/shared/schemas/message.js';
import { staffActor } from '../../../support/actors.js';
import { startSession } from '../../../../src/commands/access/start-session.js';
import type { Conversation, Message } from '../../../../src/models/index.js';
import type { StaffActor, VisitorActor } from '../../../../src/policies/index.js';
import { presentUser } from '../../../../src/presenters/user.js';
import type { ApiAnswer } from '../../../../src/shared/schemas/error.js';
import type { UserDto } from '../../../../src/shared/schemas/user.js';
import { APP, startHub, type TestHub } from '../../../support/start-hub.js';
import { Graph } from './graph.js';
import { Peer } from './peer.js';

export const PAGE = '104829637715402';

/** Somebody of the team with a session of their own. */
export interface Member {
  actor: StaffActor;
  user: UserDto;
  accessToken: string;
  refreshToken: string;
}

export interface Visitor {
  token: string;
  identityId: string;
  contactId: string;
  inboxId: string;
  /** Of the token. */
  epoch: number;
}

export const visitorOf = ({ token, identity }: VisitorSession): Visitor => ({
  token,
  identityId: String(identity._id),
  contactId: String(identity.contact),
  inboxId: String(identity.inbox),
  epoch: identity.tokenEpoch,
});

/** A visitor as an actor. */
export const visitorActor = ({ identityId, contactId, inboxId, epoch }: Omit<Visitor, 'token'>): VisitorActor => ({
  type: 'visitor',
  identityId,
  contactId,
  inboxId,
  epoch,
});

type Told = { conversation: Conversation; message: Message };

/** A hub with a team, inboxes and a stand-in for Meta, driven by commands and signed webhooks. */
export class World {
  readonly #closing: (() => unknown)[] = [];

  private constructor(
    readonly hub: TestHub,
    readonly graph: Graph,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<World> {
    const graph = await Graph.start();
    try {
      return new World(await startHub({ GRAPH_BASE_URL: graph.url, ...settings }), graph);
    } catch (error) {
      await graph.stop();
      throw error;
    }
  }

  get url(): string {
    return this.hub.url;
  }

  /** Adds something to be closed before the hub. */
  closeLater(close: () => unknown): void {
    this.#closing.push(close);
  }

  async stop(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
    await this.hub.stop();
    await this.graph.stop();
  }

  /** Adds a member of the team who is logged in. Give inboxes to them with `webInbox` or `page`. */
  async member(role: StaffActor['role'], name: string): Promise<Member> {
    const { hub } = this.hub;
    const email = `${randomUUID()}@example.com`;
    const { user, accessToken, refreshToken, sessionId } = await act(hub, { type: 'system' }, async (unit) => {
      const created = await insertUser(unit, { name, email, passwordHash: 'none', role });
      return startSession(unit, created, { userAgent: null, address: null });
    });
    const userId = String(user._id);
    const actor = staffActor({ userId, name, role, sessionId, scopeRev: user.scopeRev });
    return { actor, user: presentUser(user), accessToken, refreshToken };
  }

  async webInbox(
    members: Member[],
    options: { name?: string; allowedOrigins?: string[] } = {},
  ): Promise<{ id: string; key: string }> {
    const { inbox } = await createInbox(this.hub.hub, {
      actor: { type: 'system' },
      channel: 'web',
      name: options.name ?? 'Shop',
      allowedOrigins: options.allowedOrigins ?? [],
      memberIds: members.map(({ actor }) => actor.userId),
    });
    return { id: this.#join(members, inbox._id), key: inbox.accountId };
  }

  async page(members: Member[]): Promise<string> {
    const { inbox } = await createInbox(this.hub.hub, {
      actor: { type: 'system' },
      channel: 'messenger',
      name: 'Page',
      accountId: PAGE,
      config: { accessToken: 'EAAtestpagetoken' },
      memberIds: members.map(({ actor }) => actor.userId),
    });
    return this.#join(members, inbox._id);
  }

  #join(members: Member[], inboxId: { toString(): string }): string {
    const id = String(inboxId);
    for (const member of members) member.actor = { ...member.actor, inboxIds: [...member.actor.inboxIds, id] };
    return id;
  }

  async visitor(inboxKey: string): Promise<Visitor> {
    return visitorOf(await openVisitorSession(this.hub.hub, { inboxKey, origin: null, from: null }));
  }

  /** A visitor writes. */
  write(visitor: Visitor, text: string, clientMessageId: string = randomUUID()): Promise<Told> {
    return receiveMessage(this.hub.hub, visitorActor(visitor), {
      text,
      clientMessageId,
      attachmentIds: [],
      replyToMessageId: null,
      payload: null,
    });
  }

  /** A member of the team answers, from somewhere else than the client under test: on this process unless told another. */
  answer(
    member: Member,
    conversationId: string,
    input: Parameters<typeof sendMessageInput.parse>[0],
    hub: Hub = this.hub.hub,
  ): Promise<Message> {
    return sendMessage(hub, member.actor, { ...sendMessageInput.parse(input), conversationId }).then(
      ({ message }) => message,
    );
  }

  assign(by: Member, conversationId: string, to: Member | null): Promise<Conversation> {
    const assigneeId = to?.actor.userId ?? null;
    return assignConversation(this.hub.hub, by.actor, { conversationId, assigneeId });
  }

  /** Delivers events of one person on the Page as Meta would. */
  async webhook(psid: string, ...events: Record<string, unknown>[]): Promise<void> {
    const messaging = events.map((event) => ({ sender: { id: psid }, recipient: { id: PAGE }, ...event }));
    const body = JSON.stringify({ object: 'page', entry: [{ id: PAGE, time: Date.now(), messaging }] });
    const signature = createHmac('sha256', APP.secret).update(body).digest('hex');
    const answer = await fetch(`${this.url}/webhooks/messenger`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
    });
    if (answer.status !== 200) throw new Error(`the webhook was answered with ${answer.status}`);
  }

  /** Asks the HTTP API in a member's name. */
  async api<T>(member: Member, path: string, body?: unknown): Promise<ApiAnswer<T>> {
    const answer = await fetch(this.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${member.accessToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as ApiAnswer<T>;
  }

  async staffPeer(member: Member): Promise<Peer> {
    return this.#keep(await Peer.connect(this.url, '/agent', { token: member.accessToken }));
  }

  async visitorPeer(visitor: Pick<Visitor, 'token'>): Promise<Peer> {
    return this.#keep(await Peer.connect(this.url, '/customer', { token: visitor.token }));
  }

  #keep(peer: Peer): Peer {
    this.closeLater(() => peer.close());
    return peer;
  }
}
