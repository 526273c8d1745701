import { echoEvent, handoverEvent } from './events.js';
import type { Ledger, MessageContent } from './ledger.js';
import type { PersonSide } from './person-side.js';
import { TypingMarks } from './typing.js';
import type { Message, Person, RuleMode } from './types.js';
import type { WebhookSender } from './webhook-sender.js';

/** A message that an app or a person in the Page's inbox sends. */
export type PageMessage = Omit<MessageContent, 'direction'>;

export interface SendOptions {
  /** The echo waits for this: the answer to the send. */
  answered: Promise<unknown>;
  echo: Extract<RuleMode, { type: 'echo' }> | undefined;
}

/** Longest that an answer waits for its own echo's delivery, in milliseconds. */
const ECHO_FIRST_LIMIT_MS = 8000;

/** What the Page's side of a thread does: messages of any app, and who holds the thread. */
export class PageSide {
  readonly typing = new TypingMarks();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly ledger: Ledger,
    private readonly sender: WebhookSender,
    private readonly people: PersonSide,
    private readonly now: () => number,
  ) {}

  /** Accepts a message: it is in the ledger when this resolves, its echo is on the way, receipts will follow. */
  async send(person: Person, content: PageMessage, { answered, echo }: SendOptions): Promise<Message> {
    const message = this.ledger.addMessage(person, this.now(), { ...content, direction: 'out' });
    this.typing.set(person.id, false, message.at);
    const event = echoEvent(person, message, echo?.how === 'bare');
    const told = this.sender.emit(person.pageId, event, {
      drop: echo?.how === 'never',
      ...(echo?.how === 'late' ? { lateMs: echo.ms } : {}),
      ...(echo === undefined || echo.how === 'bare' ? { gate: answered } : {}),
    });
    if (echo?.how === 'before_answer') await Promise.race([told, this.wait(ECHO_FIRST_LIMIT_MS)]);
    void answered.then(() => this.scheduleReceipts(person.id));
    return message;
  }

  /** Starts the automatic receipts of everything that still lacks them, as after a restart. */
  resumeReceipts(): void {
    for (const person of this.ledger.people.values()) {
      if (this.ledger.newerThan(person.id, person.deliveredUpTo, 'out').length > 0) this.scheduleReceipts(person.id);
    }
  }

  markSeen(person: Person): void {
    this.ledger.patchPerson(person.id, { seenByPageAt: this.now() });
  }

  /** Moves the thread to an app (null: idle); other apps' moves are told to the hub. */
  setThreadOwner(person: Person, appId: string | null, event: Record<string, unknown> | null): void {
    this.ledger.patchPerson(person.id, { threadOwner: appId });
    if (event !== null) void this.sender.emit(person.pageId, handoverEvent(person, event, this.now()));
  }

  /** Ends every timer. */
  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.typing.clear();
  }

  private scheduleReceipts(personId: string): void {
    const { delivery, read, receiptDelayMs } = this.ledger.settings;
    if (delivery === 'auto') this.later(receiptDelayMs, () => this.receipt(personId, 'deliver'));
    if (read === 'auto') this.later(receiptDelayMs * 2, () => this.receipt(personId, 'read'));
  }

  private receipt(personId: string, kind: 'deliver' | 'read'): void {
    const person = this.ledger.people.get(personId);
    if (person !== undefined) this.people[kind](person);
  }

  private later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }
}
