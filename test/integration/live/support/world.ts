import { randomUUID } from 'node:crypto';
import { createInbox } from '../../../../src/commands/inboxes/create-inbox.js';
import type { Hub } from '../../../../src/hub.js';
import { openVisitorSession, type VisitorSession } from '../../../../src/commands/contacts/open-visitor-session.js';
import { assignConversation } from '../../../../src/commands/conversations/assign-conversation.js';
import { receiveMessage } from '../../../../src/commands/messages/receive-message.js';
import { sendMessage } from '../../../../src/commands/messages/send-message.js';
import { sendMessageInput } from '../../../../src/shared/schemas/message.js';
import { staffActor } from '../../../support/actors.js';
import { buildUser, logInAs } from '../../../support/build.js';
import type { Conversation, Message } from '../../../../src/models/index.js';
import type { StaffActor, VisitorActor } from '../../../../src/policies/index.js';
import { presentUser } from '../../../../src/presenters/user.js';
import type { ApiAnswer } from '../../../../src/shared/schemas/error.js';
import type { UserDto } from '../../../../src/shared/schemas/user.js';
import { PAGES, post } from '../../../support/messenger-hub.js';
import { Platform } from '../../../support/platform.js';
import { startHub, type TestHub } from '../../../support/start-hub.js';
import { Peer } from './peer.js';

export const [PAGE] = PAGES;

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
    readonly platform: Platform,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<World> {
    const platform = await Platform.start();
    try {
      return new World(await startHub({ GRAPH_BASE_URL: platform.url, ...settings }), platform);
    } catch (error) {
      await platform.stop();
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
    await this.platform.stop();
  }

  /** Adds a member of the team who is logged in. Give inboxes to them with `webInbox` or `page`. */
  async member(role: StaffActor['role'], name: string): Promise<Member> {
    const { hub } = this.hub;
    const { user, accessToken, refreshToken, sessionId } = await logInAs(hub, await buildUser({ name, role }));
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
    const status = await post(this.url, body);
    if (status !== 200) throw new Error(`the webhook was answered with ${status}`);
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
