import type mongoose from 'mongoose';
import type { ClientSession } from 'mongoose';
import { changeOf, type Change, type ConversationChange } from '../events/change.js';
import type { DomainEvent } from '../events/domain-event.js';
import { writeEvents, type Owing } from '../events/write-events.js';
import { ContactModel, type Contact, type ContactIdentity, type Conversation, type Message } from '../models/index.js';
import { actorKey, type Actor } from '../policies/index.js';
import type { Place } from '../shared/conversation-rights.js';
import { inTransaction, onStore } from '../storage/in-transaction.js';
import type { Hub } from '../hub.js';
import { recordAuditEvent, type AuditType } from './access/record-audit-event.js';

/** What an act did to a conversation, besides leaving it as it is now. */
export interface Shown {
  message?: Message;
  /** The message was born here, not only changed. */
  isNew?: boolean;
  /** The conversation was born here. */
  created?: boolean;
  /** Where it stood before it was moved. */
  movedFrom?: Place;
}

/**
 * One unit of work: a transaction, who acts, and what has to follow from it (DESIGN 13). Everything that changes the store on
 * somebody's behalf runs inside one: commands, consumers, timers, and what arrives. What it collects is born with each run of the
 * transaction and told after its commit, best effort.
 */
export class Act {
  readonly hub: Hub;
  readonly session: ClientSession;
  readonly actor: Actor;
  /** The moment of everything in this act. */
  readonly now: Date;
  /** Rises after a conflict over a unique key: a look-up that only serves repeats may wait for run 2. */
  readonly run: number;
  readonly #changes = new Map<string, ConversationChange>();
  readonly #told: Change[] = [];
  readonly #events: DomainEvent[] = [];
  readonly #afterwards: (() => void)[] = [];
  readonly #contacts = new Map<string, Contact | Promise<Contact | null>>();
  readonly #identities = new Map<string, ContactIdentity>();

  constructor(hub: Hub, actor: Actor, session: ClientSession, run: number) {
    this.hub = hub;
    this.actor = actor;
    this.session = session;
    this.now = new Date(hub.now());
    this.run = run;
  }

  /** Keeps what happened, and owes it to whoever reacts to it. */
  record(event: DomainEvent): void {
    this.#events.push(event);
  }

  /** Writes a security-relevant act of this act's actor down. @param subject `<noun>:<id>`. */
  audit(type: AuditType, subject: string, data: Record<string, unknown> = {}): Promise<void> {
    const { actor, now, session } = this;
    return recordAuditEvent({ type, actor, subject, data, at: now.getTime() }, session);
  }

  /** Shows the conversation as it is now to those who may see it, once the act is committed. */
  show(conversation: Conversation, shown: Shown = {}): void {
    const key = String(conversation._id);
    const change = this.#changes.get(key) ?? changeOf(conversation);
    change.conversation = conversation;
    change.created ||= shown.created ?? false;
    change.movedFrom ??= shown.movedFrom ?? null;
    if (shown.message !== undefined) {
      const { message } = shown;
      const earlier = change.messages.find((entry) => String(entry.message._id) === String(message._id));
      if (earlier === undefined) change.messages.push({ message, created: shown.isNew ?? false });
      else earlier.message = message;
    }
    this.#changes.set(key, change);
  }

  /** Tells the sockets something that is no change of a conversation. */
  tell(change: Exclude<Change, ConversationChange>): void {
    this.#told.push(change);
  }

  /** Does something best effort once the act is committed: a hint, a cache to forget. */
  afterwards(work: () => void): void {
    this.#afterwards.push(work);
  }

  /** A conversation owes a send: its lane is hinted at. */
  owesSend(conversation: { toString(): string }): void {
    const id = String(conversation);
    this.afterwards(() => this.hub.hints.outbound(id));
  }

  /** Contacts and identities that this act has read or written, so that presenting its changes does not read them again. */
  know(what: { contact?: Contact; identity?: ContactIdentity }): void {
    if (what.contact !== undefined) this.#contacts.set(String(what.contact._id), what.contact);
    if (what.identity !== undefined) this.#identities.set(String(what.identity._id), what.identity);
  }

  /**
   * Begins to read the contact of a conversation that this act has written, beside the transaction, so that presenting does not wait for
   * it after the commit. Whoever changes a contact writes its conversations too: that conflicts with this act, or comes after it.
   */
  foresee(contact: mongoose.Types.ObjectId): void {
    const id = String(contact);
    if (this.#contacts.has(id)) return;
    const read = onStore(ContactModel.findById(contact).lean<Contact>().exec());
    // Whoever presents reads it for themselves then.
    this.#contacts.set(
      id,
      read.catch(() => null),
    );
  }

  /** The conversation that began in this act, if one did. */
  get began(): Conversation | null {
    return [...this.#changes.values()].find((change) => change.created)?.conversation ?? null;
  }

  /** Last statements of the transaction: what happened, and what is owed for it. */
  async writeEvents(): Promise<void> {
    const { consumers, channels, hints } = this.hub;
    const props = { session: this.session, consumers, channels, events: this.#events };
    const owing = await writeEvents({ ...props, actor: actorKey(this.actor), at: this.now });
    for (const [, { consumer, conversation }] of new Map(owing.map((entry) => [keyOf(entry), entry]))) {
      this.afterwards(() => hints.consumer(consumer, conversation));
    }
  }

  /** After the commit. What ends somebody's rights is told before what they are not to see any more. */
  follow(): void {
    for (const work of this.#afterwards) work();
    for (const change of this.#told) this.hub.emitAfterCommit(change);
    for (const change of this.#changes.values()) this.hub.emitAfterCommit(this.#complete(change));
  }

  #complete(change: ConversationChange): ConversationChange {
    const { _id, contact, identity } = change.conversation;
    const knownContact = this.#contacts.get(String(contact));
    const knownIdentity = this.#identities.get(String(identity));
    return {
      ...change,
      events: this.#events.filter((event) => event.conversation === String(_id)),
      around: {
        ...(knownContact === undefined ? {} : { contact: knownContact }),
        ...(knownIdentity === undefined ? {} : { identity: knownIdentity }),
      },
    };
  }
}

const keyOf = ({ consumer, conversation }: Owing): string => `${consumer} ${conversation ?? ''}`;

/**
 * Runs `fn` as one act: everything it does is there afterwards, or nothing; see `inTransaction` for what `fn` has to keep to.
 * @throws AppError 409 when a unique key stays taken, 503 when the store does not answer in time; errors of `fn` as they are.
 */
export async function act<T>(hub: Hub, actor: Actor, fn: (act: Act) => Promise<T>): Promise<T> {
  const { unit, result } = await inTransaction(async (session, run) => {
    const current = new Act(hub, actor, session, run);
    const answer = await fn(current);
    await current.writeEvents();
    return { unit: current, result: answer };
  });
  unit.follow();
  return result;
}
