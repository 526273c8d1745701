import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { KeyValueStore } from '../logic/drafts.js';
import {
  dueItems,
  hurryItems,
  nextDueAt,
  restoreItems,
  settleItem,
  updateItem,
  type OutboxItem,
  type SendOutcome,
} from '../logic/outbox.js';
import { Store, type Schedule } from './store.js';

export interface OutboxPorts {
  /** Tries once. Never rejects: what went wrong is an outcome. */
  send(item: OutboxItem): Promise<SendOutcome>;
  /** Told before the item leaves the outbox, so that the message never disappears in between. */
  onSent(message: MessageDto): void;
  /** Survives a reload of the page. */
  storage: KeyValueStore;
  now(): number;
  schedule: Schedule;
}

/** Sends the reader's messages, those of one conversation one after the other, until each is answered. */
export class OutboxRunner {
  readonly items: Store<OutboxItem[]>;
  readonly #ports: OutboxPorts;
  readonly #storageKey: string;
  #stopped = true;
  #cancelTimer = (): void => undefined;

  constructor(ports: OutboxPorts, readerId: string) {
    this.#ports = ports;
    this.#storageKey = `switchboard.outbox.${readerId}`;
    this.items = new Store(this.#load());
  }

  /** Begins with what an earlier page left. */
  start(): void {
    this.#stopped = false;
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  add(item: OutboxItem): void {
    this.#change([...this.items.get(), item]);
  }

  /** Sends a refused item again under the same id. */
  retry(id: string): void {
    this.#change(updateItem(this.items.get(), id, { state: 'waiting', error: null, tries: 0, notBefore: 0 }));
  }

  /** Sends in spite of a colleague's answer. */
  force(id: string): void {
    this.#change(updateItem(this.items.get(), id, { state: 'waiting', force: true, notBefore: 0 }));
  }

  /** Forgets an item and answers it; one that is being sent stays, because it may arrive. */
  discard(id: string): OutboxItem | null {
    const item = this.items.get().find((held) => held.id === id && held.state !== 'sending');
    if (item === undefined) return null;
    this.#change(this.items.get().filter((held) => held.id !== id));
    return item;
  }

  /** Drops an item whose message has arrived by another way. */
  arrived(id: string): void {
    const items = this.items.get();
    if (items.some((item) => item.id === id)) this.#change(items.filter((item) => item.id !== id));
  }

  /** The connection is back: tries at once. */
  hurry(): void {
    this.#change(hurryItems(this.items.get()));
  }

  /** Forgets everything, at log-out. */
  clear(): void {
    this.#change([]);
  }

  #change(items: OutboxItem[]): void {
    this.items.set(items);
    this.#save();
    this.#pump();
  }

  #pump(): void {
    this.#cancelTimer();
    if (this.#stopped) return;
    const now = this.#ports.now();
    for (const item of dueItems(this.items.get(), now)) void this.#send(item);
    const next = nextDueAt(this.items.get());
    if (next !== null) this.#cancelTimer = this.#ports.schedule(() => this.#pump(), Math.max(0, next - now));
  }

  async #send(item: OutboxItem): Promise<void> {
    this.items.set(updateItem(this.items.get(), item.id, { state: 'sending', error: null }));
    const outcome = await this.#ports.send(item);
    if (this.#stopped) return;
    if (outcome.kind === 'sent') this.#ports.onSent(outcome.message);
    this.#change(settleItem(this.items.get(), item.id, outcome, this.#ports.now()));
  }

  #load(): OutboxItem[] {
    try {
      const stored: unknown = JSON.parse(this.#ports.storage.getItem(this.#storageKey) ?? '[]');
      return Array.isArray(stored) ? restoreItems(stored.filter(isItem)) : [];
    } catch {
      return [];
    }
  }

  #save(): void {
    try {
      const items = this.items.get();
      if (items.length === 0) this.#ports.storage.removeItem(this.#storageKey);
      else this.#ports.storage.setItem(this.#storageKey, JSON.stringify(items));
    } catch {
      // A full storage costs only what a reload would lose.
    }
  }
}

function isItem(value: unknown): value is OutboxItem {
  if (typeof value !== 'object' || value === null) return false;
  const item = value as Partial<OutboxItem>;
  return (
    typeof item.id === 'string' &&
    typeof item.conversationId === 'string' &&
    typeof item.text === 'string' &&
    typeof item.state === 'string' &&
    Array.isArray(item.attachments)
  );
}
