import { backoff } from '../core/backoff.js';
import { requestSession } from './session.js';

interface AttributeSaverOptions {
  origin: string;
  inboxKey: string;
  /** The token of the session that is open; null: there is none. */
  token: () => string | null;
  /** The server does not take these attributes. */
  onRefused: () => void;
}

/**
 * Stores what the site says about its visitor, one call after the other. Calls wait until there is a session, so that none
 * goes to somebody else's contact, and are repeated until the server has answered.
 */
export class AttributeSaver {
  private waiting: Record<string, string>[] = [];
  private released = false;
  private saving = false;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: AttributeSaverOptions) {}

  add(attributes: Record<string, string>): void {
    this.waiting.push(attributes);
    void this.save();
  }

  /** The session is about to become another one. */
  hold(): void {
    this.released = false;
  }

  /** The session is there. */
  release(): void {
    this.released = true;
    void this.save();
  }

  stop(): void {
    this.released = false;
    this.waiting = [];
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async save(): Promise<void> {
    const { origin, inboxKey, onRefused } = this.options;
    if (this.saving || this.timer !== null) return;
    this.saving = true;
    for (;;) {
      const [attributes] = this.waiting;
      const token = this.options.token();
      if (!this.released || attributes === undefined || token === null) break;
      const result = await requestSession(origin, { inboxKey, token, attributes });
      if (result.kind === 'later') {
        this.saveIn(result.waitMs ?? backoff(this.attempt++));
        break;
      }
      this.attempt = 0;
      if (result.kind === 'refused' && result.code === 'UNAUTHENTICATED') {
        // The token has ended; the session that follows takes them.
        this.released = false;
        break;
      }
      // A stopped saver has forgotten its calls.
      if (this.waiting.shift() !== undefined && result.kind === 'refused') onRefused();
    }
    this.saving = false;
  }

  private saveIn(milliseconds: number): void {
    if (this.waiting.length === 0) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.save();
    }, milliseconds);
  }
}
