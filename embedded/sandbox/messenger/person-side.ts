import {
  deliveryEvent,
  editEvent,
  messageEvent,
  postbackEvent,
  reactionEvent,
  readEvent,
  referralEvent,
  unsendEvent,
} from './events.js';
import { newNumericId, stableNumericId } from './ids.js';
import type { Ledger } from './ledger.js';
import { TypingMarks } from './typing.js';
import type { Attachment, Message, Person, Reaction } from './types.js';
import type { WebhookSender } from './webhook-sender.js';

/** An act that the platform would not allow, or about something that is not there. */
export class ActError extends Error {
  override readonly name = 'ActError';

  constructor(
    readonly status: 404 | 409,
    message: string,
  ) {
    super(message);
  }
}

/** What a person sends. `extras` travel inside the event's `message` (`quick_reply`, `referral`, `commands`, `nlp`). */
export interface PersonMessage {
  text: string | null;
  attachments: Attachment[];
  replyTo: string | null;
  extras: Record<string, unknown>;
}

const DEMO_PEOPLE = [
  ['Lena', 'Example'],
  ['Jonas', 'Berger'],
  ['Amira', 'Haddad'],
] as const;

/** Most edits of one message (MESSENGER 3.9). */
const MAX_EDITS = 5;

/** What people do with their phones, and what the platform tells the hub about it. */
export class PersonSide {
  readonly typing = new TypingMarks();

  constructor(
    private readonly ledger: Ledger,
    private readonly sender: WebhookSender,
    private readonly now: () => number,
  ) {}

  /** Throws ActError when nobody has the id. */
  require(personId: string): Person {
    const person = this.ledger.people.get(personId);
    if (person === undefined) throw new ActError(404, `there is no person ${personId}`);
    return person;
  }

  create(pageId: string, firstName: string, lastName: string, id: string = newNumericId()): Person {
    if (!this.ledger.pages.has(pageId)) throw new ActError(404, `there is no Page ${pageId}`);
    if (this.ledger.people.has(id)) throw new ActError(409, `person ${id} exists already`);
    const person: Person = {
      id,
      pageId,
      firstName,
      lastName,
      createdAt: this.now(),
      lastMessageAt: null,
      threadOwner: null,
      deliveredUpTo: 0,
      readUpTo: 0,
      seenByPageAt: null,
    };
    this.ledger.write({ type: 'person', person });
    return person;
  }

  /** The few people every Page starts with; the same ids each time. */
  createDemoPeople(pageId: string): void {
    for (const [first, last] of DEMO_PEOPLE) {
      const id = stableNumericId(pageId, first, last);
      if (!this.ledger.people.has(id)) this.create(pageId, first, last, id);
    }
  }

  send(person: Person, { text, attachments, replyTo, extras }: PersonMessage): Message {
    const message = this.addMessage(person, text, attachments, replyTo);
    this.tell(person, messageEvent(person, message, extras));
    return message;
  }

  /** Puts a reaction on a message of either side, or takes the person's own away (null). */
  react(person: Person, mid: string, reaction: Reaction | null): void {
    const message = this.messageOf(person, mid);
    const former = message.reactions.person;
    if (reaction === null && former === undefined) throw new ActError(409, 'there is no reaction to take away');
    const now = this.now();
    this.ledger.write({
      type: 'message',
      message: { ...message, reactions: { ...message.reactions, person: reaction ?? undefined } },
    });
    if (reaction !== null) this.ledger.patchPerson(person.id, { lastMessageAt: now });
    const shown = reaction ?? former;
    if (shown !== undefined) {
      this.tell(person, reactionEvent(person, mid, shown, reaction === null ? 'unreact' : 'react', now));
    }
  }

  edit(person: Person, mid: string, text: string): Message {
    const message = this.ownMessage(person, mid);
    if (message.edits >= MAX_EDITS) throw new ActError(409, `a message can be edited ${MAX_EDITS} times`);
    const edited = { ...message, text, edits: message.edits + 1 };
    this.ledger.write({ type: 'message', message: edited });
    this.tell(person, editEvent(person, edited, this.now()));
    return edited;
  }

  unsend(person: Person, mid: string): void {
    const message = this.ownMessage(person, mid);
    this.ledger.write({ type: 'message', message: { ...message, unsent: true, text: null, attachments: [] } });
    this.tell(person, unsendEvent(person, mid, this.now()));
  }

  /** A tapped button, menu entry, ice breaker or "Get started". Shows in the thread as the person's words. */
  postback(
    person: Person,
    postback: { title: string; payload: string; referral?: Record<string, unknown> | undefined },
  ): Message {
    const message = this.addMessage(person, postback.title, [], null, 'postback');
    this.tell(person, postbackEvent(person, { mid: message.mid, ...postback }, message.at));
    return message;
  }

  referral(person: Person, referral: Record<string, unknown>): void {
    const now = this.now();
    this.ledger.patchPerson(person.id, { lastMessageAt: now });
    this.tell(person, referralEvent(person, referral, now));
  }

  /** The phone shows the thread: what the Page sent is read. */
  read(person: Person): void {
    const newest = this.ledger.newerThan(person.id, person.readUpTo, 'out').at(-1);
    if (newest === undefined) return;
    this.ledger.patchPerson(person.id, {
      readUpTo: newest.at,
      deliveredUpTo: Math.max(person.deliveredUpTo, newest.at),
    });
    this.tell(person, readEvent(person, newest.at, this.now()));
  }

  /** The phone got what the Page sent. */
  deliver(person: Person): void {
    const arrived = this.ledger.newerThan(person.id, person.deliveredUpTo, 'out');
    const newest = arrived.at(-1);
    if (newest === undefined) return;
    this.ledger.patchPerson(person.id, { deliveredUpTo: newest.at });
    const mids = arrived.map(({ mid }) => mid);
    this.tell(person, deliveryEvent(person, mids, newest.at, this.now()));
  }

  /** Moves the person's last act so many hours into the past: that is how a reply window closes in a demonstration. */
  shiftClock(person: Person, hours: number): void {
    if (person.lastMessageAt === null) throw new ActError(409, 'the person has not written yet');
    this.ledger.patchPerson(person.id, { lastMessageAt: person.lastMessageAt - hours * 3_600_000 });
  }

  private addMessage(
    person: Person,
    text: string | null,
    attachments: Attachment[],
    replyTo: string | null,
    sentAs: string | null = null,
  ): Message {
    const content = { direction: 'in' as const, appId: null, quickReplies: [], metadata: null };
    const message = this.ledger.addMessage(person, this.now(), { ...content, text, attachments, replyTo, sentAs });
    this.ledger.patchPerson(person.id, { lastMessageAt: message.at });
    this.typing.set(person.id, false, message.at);
    return message;
  }

  private messageOf(person: Person, mid: string): Message {
    const message = this.ledger.messages.get(mid);
    if (message?.personId !== person.id) throw new ActError(404, 'there is no such message in this thread');
    if (message.unsent) throw new ActError(409, 'the message was unsent');
    return message;
  }

  private ownMessage(person: Person, mid: string): Message {
    const message = this.messageOf(person, mid);
    if (message.direction !== 'in') throw new ActError(409, 'only own messages can be changed');
    return message;
  }

  private tell(person: Person, event: Parameters<WebhookSender['emit']>[1]): void {
    void this.sender.emit(person.pageId, event);
  }
}
