/** What a browser's storage offers, so that drafts and sessions can be tested without one. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export type ComposerMode = 'reply' | 'note';

/** Unsent words of one conversation. */
export interface Draft {
  mode: ComposerMode;
  reply: string;
  note: string;
  /** Revision that the writer had seen when the reply was begun; null: not begun. */
  seenRev: number | null;
}

export const EMPTY_DRAFT: Draft = { mode: 'reply', reply: '', note: '', seenRev: null };

/** Keeps drafts per reader and conversation. A full or forbidden storage loses the draft, never the page. */
export class DraftStore {
  readonly #storage: KeyValueStore;
  readonly #prefix: string;

  constructor(storage: KeyValueStore, readerId: string) {
    this.#storage = storage;
    this.#prefix = `switchboard.draft.${readerId}.`;
  }

  load(conversationId: string): Draft {
    try {
      const stored: unknown = JSON.parse(this.#storage.getItem(this.#prefix + conversationId) ?? 'null');
      return isDraft(stored) ? stored : EMPTY_DRAFT;
    } catch {
      return EMPTY_DRAFT;
    }
  }

  save(conversationId: string, draft: Draft): void {
    try {
      if (draft.reply === '' && draft.note === '') this.#storage.removeItem(this.#prefix + conversationId);
      else this.#storage.setItem(this.#prefix + conversationId, JSON.stringify(draft));
    } catch {
      // Typing goes on without a stored copy.
    }
  }
}

/** Changes the text of the current mode; a reply that begins remembers what its writer has seen. */
export function typeInto(draft: Draft, text: string, seenRev: number): Draft {
  if (draft.mode === 'note') return { ...draft, note: text };
  const begun = text === '' ? null : (draft.seenRev ?? seenRev);
  return { ...draft, reply: text, seenRev: begun };
}

/** Puts words that were not sent back in front of what has been typed since. */
export function restoreText(draft: Draft, mode: ComposerMode, text: string, seenRev: number): Draft {
  const rest = draft[mode];
  const joined = rest.trim() === '' ? text : `${text}\n${rest}`;
  return { ...draft, mode, [mode]: joined, ...(mode === 'reply' ? { seenRev } : {}) };
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const draft = value as Partial<Draft>;
  return (
    (draft.mode === 'reply' || draft.mode === 'note') &&
    typeof draft.reply === 'string' &&
    typeof draft.note === 'string' &&
    (draft.seenRev === null || typeof draft.seenRev === 'number')
  );
}
