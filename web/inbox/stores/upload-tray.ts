import type { AttachmentDto } from '../../../src/shared/dto.js';
import { LIMITS } from '../../../src/shared/limits.js';
import type { Refusal } from '../logic/refusal.js';
import { Store } from './store.js';

/** What the tray needs of a file. */
export interface TrayFile {
  name: string;
  size: number;
}

export interface TrayItem<F extends TrayFile = TrayFile> {
  id: string;
  file: F;
  state: 'uploading' | 'done' | 'failed';
  /** Share that is uploaded, 0 to 1. */
  progress: number;
  /** Why it failed; null: it did not. */
  error: Refusal | 'tooBig' | null;
  /** Whether trying again can help. */
  retryable: boolean;
  attachment: AttachmentDto | null;
}

export interface TrayPorts<F extends TrayFile> {
  upload(file: F, onProgress: (share: number) => void, signal: AbortSignal): Promise<AttachmentDto>;
  describe(error: unknown): Refusal;
  newId(): string;
}

/** The files of one conversation's next message, uploaded as soon as they are chosen. */
export class UploadTray<F extends TrayFile = TrayFile> {
  readonly items = new Store<TrayItem<F>[]>([]);
  readonly #ports: TrayPorts<F>;
  readonly #aborts = new Map<string, AbortController>();

  constructor(ports: TrayPorts<F>) {
    this.#ports = ports;
  }

  /** Adds files up to the limit of a message. Answers how many did not fit. */
  add(files: readonly F[]): number {
    const room = Math.max(0, LIMITS.filesPerMessage - this.items.get().length);
    for (const file of files.slice(0, room)) this.#addOne(file);
    return Math.max(0, files.length - room);
  }

  /** Tries a failed upload again. */
  retry(id: string): void {
    const item = this.items.get().find((held) => held.id === id);
    if (item?.state === 'failed' && item.retryable) void this.#upload(item.id, item.file);
  }

  remove(id: string): void {
    this.#aborts.get(id)?.abort();
    this.#aborts.delete(id);
    this.items.set(this.items.get().filter((item) => item.id !== id));
  }

  /** The uploaded files, which leave the tray. */
  take(): AttachmentDto[] {
    const attachments = this.items.get().flatMap((item) => item.attachment ?? []);
    this.items.set(this.items.get().filter((item) => item.attachment === null));
    return attachments;
  }

  /** Puts uploaded files back that were not sent after all; `asFile` stands for what the browser no longer has. */
  putBack(attachments: readonly AttachmentDto[], asFile: (attachment: AttachmentDto) => F): void {
    const items = attachments.map((attachment) => ({
      id: this.#ports.newId(),
      file: asFile(attachment),
      state: 'done' as const,
      progress: 1,
      error: null,
      retryable: false,
      attachment,
    }));
    this.items.set([...items, ...this.items.get()]);
  }

  #addOne(file: F): void {
    const id = this.#ports.newId();
    const tooBig = file.size > LIMITS.fileSize;
    const error = tooBig ? ('tooBig' as const) : null;
    const state = tooBig ? ('failed' as const) : ('uploading' as const);
    const item = { id, file, state, progress: 0, error, retryable: !tooBig, attachment: null };
    this.items.set([...this.items.get(), item]);
    if (!tooBig) void this.#upload(id, file);
  }

  async #upload(id: string, file: F): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    this.#change(id, { state: 'uploading', progress: 0, error: null });
    try {
      const attachment = await this.#ports.upload(file, (progress) => this.#change(id, { progress }), abort.signal);
      this.#change(id, { state: 'done', progress: 1, attachment });
    } catch (error) {
      this.#change(id, { state: 'failed', error: this.#ports.describe(error) });
    } finally {
      this.#aborts.delete(id);
    }
  }

  #change(id: string, change: Partial<TrayItem<F>>): void {
    this.items.set(this.items.get().map((item) => (item.id === id ? { ...item, ...change } : item)));
  }
}
