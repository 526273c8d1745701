import type { KeyValueStore } from '../core/storage.js';
import { storageKeys } from '../core/storage.js';

/** Earlier conversations that are remembered and shown above the current one. */
const REMEMBERED = 5;

interface History {
  contactId: string;
  ids: string[];
}

const isHistory = (value: unknown): value is History =>
  typeof value === 'object' &&
  value !== null &&
  'contactId' in value &&
  typeof value.contactId === 'string' &&
  'ids' in value &&
  Array.isArray(value.ids) &&
  value.ids.every((id) => typeof id === 'string');

/** What the widget remembers of a visitor between pages: token, conversations, how far was read. */
export class VisitorMemory {
  private readonly keys: ReturnType<typeof storageKeys>;

  constructor(
    private readonly store: KeyValueStore,
    inboxKey: string,
  ) {
    this.keys = storageKeys(inboxKey);
  }

  get token(): string | null {
    return this.store.get(this.keys.token);
  }

  set token(token: string | null) {
    if (token === null) this.store.remove(this.keys.token);
    else if (token !== this.token) this.store.set(this.keys.token, token);
  }

  /** Whose history this is; null before the first session. */
  get contactId(): string | null {
    return this.history()?.contactId ?? null;
  }

  /** Known conversations, oldest first. */
  get conversationIds(): string[] {
    return this.history()?.ids ?? [];
  }

  /** `orderAt` of the last message of the team that was read, in any tab. */
  get readUpTo(): number {
    return Number(this.store.get(this.keys.read) ?? 0) || 0;
  }

  set readUpTo(orderAt: number) {
    if (orderAt > this.readUpTo) this.store.set(this.keys.read, String(orderAt));
  }

  /** Starts over when the visitor is somebody else than before. */
  belongTo(contactId: string): void {
    if (this.contactId === contactId) return;
    this.store.remove(this.keys.read);
    this.save({ contactId, ids: [] });
  }

  /** Adds conversations that were not known; the order of getting to know them is the order of their beginning. */
  remember(ids: readonly string[]): void {
    const history = this.history();
    if (history === null) return;
    const unknown = ids.filter((id) => !history.ids.includes(id));
    if (unknown.length > 0) this.save({ ...history, ids: [...history.ids, ...unknown].slice(-REMEMBERED) });
  }

  forget(conversationId: string): void {
    const history = this.history();
    if (history !== null) this.save({ ...history, ids: history.ids.filter((id) => id !== conversationId) });
  }

  private history(): History | null {
    try {
      const value: unknown = JSON.parse(this.store.get(this.keys.history) ?? 'null');
      return isHistory(value) ? value : null;
    } catch {
      return null;
    }
  }

  private save(history: History): void {
    this.store.set(this.keys.history, JSON.stringify(history));
  }
}
