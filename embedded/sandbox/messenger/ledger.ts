import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newMid } from './ids.js';
import { Journal } from './journal.js';
import type { Entry, GraphCall, Message, Page, Person, Rule, Settings, StoredFile, Webhook } from './types.js';

/** What a sender decides about a message; the ledger adds the rest. */
export type MessageContent = Omit<
  Message,
  'mid' | 'pageId' | 'personId' | 'order' | 'at' | 'edits' | 'unsent' | 'reactions'
>;

export const DEFAULT_SETTINGS: Settings = {
  delivery: 'auto',
  read: 'off',
  receiptDelayMs: 400,
  batch: 1,
  requireProof: true,
  usagePercent: null,
};

/**
 * Everything that happened, in memory and in the journal. State changes only by `write`, which appends to the journal
 * first, so what was ever answered is found again after a kill.
 */
export class Ledger {
  readonly pages = new Map<string, Page>();
  readonly people = new Map<string, Person>();
  readonly messages = new Map<string, Message>();
  readonly files = new Map<string, StoredFile>();
  /** Attachment id → file of one Page. */
  readonly uploads = new Map<string, { pageId: string; fileId: string }>();
  readonly calls: GraphCall[] = [];
  readonly webhooks = new Map<string, Webhook>();
  rules: Rule[] = [];
  settings: Settings = DEFAULT_SETTINGS;
  verifiedAt: number | null = null;

  /** Message id → id of the webhook that first told the hub of it. */
  private readonly announcements = new Map<string, string>();
  private readonly threads = new Map<string, Message[]>();
  private readonly watchers = new Set<(entry: Entry) => void>();
  private readonly journal: Journal;
  private nextOrder = 1;
  private closed = false;

  private constructor(dir: string) {
    this.journal = Journal.open(join(dir, 'journal.jsonl'), (entry) => this.apply(entry));
  }

  /** Opens the ledger of a data directory, which is created if missing. */
  static open(dir: string): Ledger {
    mkdirSync(dir, { recursive: true });
    return new Ledger(dir);
  }

  /** Records a change. After `close` nothing is recorded any more: no caller is left to be told of it. */
  write(entry: Entry): void {
    if (this.closed) return;
    this.journal.append(entry);
    this.apply(entry);
    for (const watcher of this.watchers) watcher(entry);
  }

  /** Calls `watcher` after every change until the returned function is called. */
  watch(watcher: (entry: Entry) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Forgets everything. The caller stops what still works on it, and writes Pages and people anew. */
  clear(): void {
    this.journal.clear();
    const { pages, people, messages, files, uploads, webhooks, announcements, threads } = this;
    for (const map of [pages, people, messages, files, uploads, webhooks, announcements, threads]) map.clear();
    this.calls.length = 0;
    this.rules = [];
    this.settings = DEFAULT_SETTINGS;
    this.verifiedAt = null;
    this.nextOrder = 1;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.journal.close();
  }

  /** A person's messages in both directions, in the order they were accepted. */
  thread(personId: string): readonly Message[] {
    return this.threads.get(personId) ?? [];
  }

  /** How far the hub has been told of a message; null: nobody tries to. */
  announcementOf(mid: string): Webhook['state'] | null {
    return this.webhooks.get(this.announcements.get(mid) ?? '')?.state ?? null;
  }

  /** A thread's messages in one direction that are newer than `since`, oldest first. */
  newerThan(personId: string, since: number, direction: Message['direction']): Message[] {
    const thread = this.thread(personId);
    const start = thread.findLastIndex(({ at }) => at <= since) + 1;
    return thread.slice(start).filter((message) => message.direction === direction);
  }

  /**
   * Adds a message to the end of a thread. No two messages of a thread have the same time, so that the platform's order is
   * total.
   */
  addMessage(person: Person, now: number, content: MessageContent): Message {
    const last = this.thread(person.id).at(-1);
    const message: Message = {
      mid: newMid(),
      pageId: person.pageId,
      personId: person.id,
      order: this.nextOrder,
      at: last === undefined ? now : Math.max(now, last.at + 1),
      ...content,
      edits: 0,
      unsent: false,
      reactions: {},
    };
    this.write({ type: 'message', message });
    return message;
  }

  /** Changes a person as they are now; a copy read earlier may be old. Does nothing when a reset took them away. */
  patchPerson(personId: string, patch: Partial<Person>): void {
    const person = this.people.get(personId);
    if (person !== undefined) this.write({ type: 'person', person: { ...person, ...patch } });
  }

  pageOfToken(token: string): Page | null {
    for (const page of this.pages.values()) if (page.token === token) return page;
    return null;
  }

  private apply(entry: Entry): void {
    switch (entry.type) {
      case 'page':
        this.pages.set(entry.page.id, entry.page);
        break;
      case 'person':
        this.people.set(entry.person.id, entry.person);
        break;
      case 'message':
        this.applyMessage(entry.message);
        break;
      case 'file':
        this.files.set(entry.file.id, entry.file);
        break;
      case 'upload':
        this.uploads.set(entry.attachmentId, { pageId: entry.pageId, fileId: entry.fileId });
        break;
      case 'call':
        this.calls.push(entry.call);
        break;
      case 'rules':
        this.rules = entry.rules;
        break;
      case 'settings':
        this.settings = entry.settings;
        break;
      case 'verified':
        this.verifiedAt = entry.at;
        break;
      default:
        this.applyWebhook(entry);
    }
  }

  private applyMessage(message: Message): void {
    const known = this.messages.get(message.mid);
    this.messages.set(message.mid, message);
    const thread = this.threads.get(message.personId) ?? [];
    this.threads.set(message.personId, thread);
    if (known === undefined) thread.push(message);
    else thread[thread.findIndex(({ mid }) => mid === message.mid)] = message;
    this.nextOrder = Math.max(this.nextOrder, message.order + 1);
  }

  private applyWebhook(entry: Extract<Entry, { type: 'webhook' | 'try' | 'settled' }>): void {
    if (entry.type === 'webhook') {
      this.webhooks.set(entry.webhook.id, { ...entry.webhook });
      const mid = midOf(entry.webhook);
      if (mid !== null && !this.announcements.has(mid)) this.announcements.set(mid, entry.webhook.id);
      return;
    }
    const webhook = this.webhooks.get(entry.webhookId);
    if (webhook === undefined) return;
    if (entry.type === 'try') {
      webhook.tries += 1;
      webhook.lastTry = entry.try;
      if (entry.try.answer === 200) webhook.deliveries += 1;
    } else {
      webhook.state = entry.state;
      webhook.rules = entry.rules;
    }
  }
}

/** The message that an event brings; null when it brings none. */
function midOf({ event }: Webhook): string | null {
  const body = event.message ?? event.postback;
  if (typeof body !== 'object' || body === null || !('mid' in body)) return null;
  return typeof body.mid === 'string' ? body.mid : null;
}
