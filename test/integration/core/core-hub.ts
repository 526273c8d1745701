import { randomUUID } from 'node:crypto';
import type { Hub } from '../../../src/hub.js';
import { createInbox } from '../../../src/commands/inboxes/create-inbox.js';
import { receiveMessage } from '../../../src/commands/messages/receive-message.js';
import { openVisitorSession } from '../../../src/commands/contacts/open-visitor-session.js';
import { placesOfMember, staffActor } from '../../../src/commands/access/staff-actor.js';
import { ConversationModel, InboxModel, type Conversation, type Inbox } from '../../../src/models/index.js';
import { SYSTEM, type StaffActor, type VisitorActor } from '../../../src/policies/index.js';
import { buildUser } from '../../support/build.js';
import { startHub, type TestHub } from '../../support/start-hub.js';

/** A hub whose work nobody does but the test, and whose clock stands until it is moved. */
export class CoreHub {
  readonly #running: TestHub;
  inbox: Inbox;
  #now = Date.now();

  private constructor(running: TestHub, inbox: Inbox) {
    this.#running = running;
    this.inbox = inbox;
    running.hub.now = () => this.#now;
  }

  static async start(): Promise<CoreHub> {
    const running = await startHub({ ROLE: 'api', SWEEP: 'off' });
    const { inbox } = await createInbox(running.hub, { actor: SYSTEM, channel: 'web', name: 'Shop' });
    return new CoreHub(running, inbox);
  }

  get hub(): Hub {
    return this.#running.hub;
  }

  get work(): TestHub['work'] {
    return this.#running.work;
  }

  /** @param ms by how much the clock goes on. */
  later(ms: number): void {
    this.#now += ms;
  }

  stop(): Promise<void> {
    return this.#running.stop();
  }

  /** A member of the team, and of the inbox. */
  async member(role: StaffActor['role'], name = role as string): Promise<StaffActor> {
    const user = await buildUser({ name, role });
    await InboxModel.updateOne({ _id: this.inbox._id }, { $push: { members: user._id } });
    return staffActor(user, role, 'none', await placesOfMember(String(user._id)));
  }

  async visitor(): Promise<VisitorActor> {
    const { identity } = await openVisitorSession(this.hub, {
      inboxKey: this.inbox.accountId,
      origin: null,
      from: null,
    });
    const [identityId, contactId] = [String(identity._id), String(identity.contact)];
    return { type: 'visitor', identityId, contactId, inboxId: String(this.inbox._id), epoch: identity.tokenEpoch };
  }

  async write(visitor: VisitorActor, text = 'Hello?'): Promise<string> {
    const nothing = { attachmentIds: [], replyToMessageId: null, payload: null };
    const { conversation } = await receiveMessage(this.hub, visitor, {
      text,
      clientMessageId: randomUUID(),
      ...nothing,
    });
    return String(conversation._id);
  }

  /** A new visitor asks. @returns the conversation. */
  async question(): Promise<string> {
    return this.write(await this.visitor());
  }
}

/** A conversation as it stands. */
export async function conversationNow(id: string): Promise<Conversation> {
  const conversation = await ConversationModel.findById(id).lean();
  if (conversation === null) throw new Error(`conversation ${id} has gone`);
  return conversation;
}
