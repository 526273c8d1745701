import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import type { KeyValueStore } from './storage.js';

/** A message of the visitor that the server has not yet confirmed. */
export interface OutboxEntry {
  readonly clientMessageId: string;
  /** Place in the queue: milliseconds since the epoch, made unique and ascending over all tabs. */
  readonly at: number;
  readonly text: string | null;
  /** Already uploaded files. */
  readonly attachments: readonly AttachmentDto[];
  /** Of a tapped quick reply. */
  readonly payload: string | null;
  readonly replyTo: { messageId: string; preview: string } | null;
  /** A sentence when the server has refused it for good; it then waits for the visitor and lets the next one pass. */
  readonly error: string | null;
}

/** What the visitor wrote, before it has a place in the queue. */
export type Draft = Pick<OutboxEntry, 'text' | 'attachments' | 'payload' | 'replyTo'>;

const isEntry = (value: unknown): value is OutboxEntry =>
  typeof value === 'object' &&
  value !== null &&
  'clientMessageId' in value &&
  typeof value.clientMessageId === 'string' &&
  'at' in value &&
  typeof value.at === 'number';

function parse(json: string | null): OutboxEntry | null {
  if (json === null) return null;
  try {
    const value: unknown = JSON.parse(json);
    return isEntry(value) ? value : null;
  } catch {
    return null;
  }
}

const byPlace = (a: OutboxEntry, b: OutboxEntry): number =>
  a.at - b.at || (a.clientMessageId < b.clientMessageId ? -1 : 1);

/**
 * The visitor's unconfirmed messages, kept in storage across reloads and shared by all tabs. Every entry has a key of its
 * own: adding and removing are atomic, and no tab can overwrite what another has just written.
 */
export class Outbox {
  constructor(
    private readonly store: KeyValueStore,
    private readonly prefix: string,
    private readonly newId: () => string,
    private readonly now: () => number = Date.now,
  ) {}

  /** All entries in the order in which they are to be sent. Damaged ones are left out. */
  list(): OutboxEntry[] {
    return this.store
      .keys(this.prefix)
      .map((key) => parse(this.store.get(key)))
      .filter((entry) => entry !== null)
      .sort(byPlace);
  }

  /** The next entry to send: the oldest that has not been refused. */
  next(): OutboxEntry | null {
    return this.list().find((entry) => entry.error === null) ?? null;
  }

  /** Puts a message at the end of the queue, under an id that every attempt to send it will carry. */
  add(draft: Draft): OutboxEntry {
    const last = this.list().at(-1)?.at ?? 0;
    const entry: OutboxEntry = {
      ...draft,
      clientMessageId: this.newId(),
      at: Math.max(this.now(), last + 1),
      error: null,
    };
    this.write(entry);
    return entry;
  }

  /** Forgets an entry that was confirmed or discarded. Unknown ids are ignored. */
  remove(clientMessageId: string): void {
    this.store.remove(this.prefix + clientMessageId);
  }

  /** Marks an entry as refused for good; one that is gone meanwhile stays gone. */
  fail(clientMessageId: string, error: string): void {
    this.change(clientMessageId, error);
  }

  /** Lets a refused entry be sent again, under its old id. */
  retry(clientMessageId: string): void {
    this.change(clientMessageId, null);
  }

  private change(clientMessageId: string, error: string | null): void {
    const entry = parse(this.store.get(this.prefix + clientMessageId));
    if (entry !== null) this.write({ ...entry, error });
  }

  private write(entry: OutboxEntry): void {
    this.store.set(this.prefix + entry.clientMessageId, JSON.stringify(entry));
  }
}
