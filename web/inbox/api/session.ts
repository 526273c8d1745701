import type { LoggedIn } from '../../../src/shared/schemas/auth.js';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import type { KeyValueStore } from '../logic/drafts.js';
import { Store } from '../stores/store.js';
import { ApiFailure } from './failure.js';

export interface SessionPorts {
  storage: KeyValueStore;
  /** Exchanges a refresh token for a new pair. */
  refresh(refreshToken: string): Promise<LoggedIn>;
  /** Runs one thing at a time among all tabs. */
  exclusively<T>(run: () => Promise<T>): Promise<T>;
}

export const SESSION_KEY = 'switchboard.session';

/** The reader's tokens, shared by the tabs of a browser. Null: logged out. */
export class Session {
  readonly data: Store<LoggedIn | null>;
  /** The server has ended the session; the reader did not log out. */
  ended = false;
  readonly #ports: SessionPorts;
  #renewing: Promise<LoggedIn | null> | null = null;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.data = new Store(this.#read());
  }

  set(data: LoggedIn): void {
    this.ended = false;
    this.#ports.storage.setItem(SESSION_KEY, JSON.stringify(data));
    this.data.set(data);
  }

  /** The reader's own data have changed; the tokens stay. */
  setUser(user: UserDto): void {
    const data = this.#read();
    if (data?.user.id === user.id) this.set({ ...data, user });
  }

  clear(): void {
    this.#ports.storage.removeItem(SESSION_KEY);
    this.data.set(null);
  }

  /** Another tab has logged in, out, or renewed its tokens. */
  reread(): void {
    const stored = this.#read();
    if (stored?.accessToken !== this.data.get()?.accessToken) this.data.set(stored);
  }

  /**
   * Renews the tokens after `staleToken` was refused. A refresh token works once and its reuse ends the session, so tabs
   * take turns and use what another one has fetched meanwhile. Null: the session has ended. Throws ApiFailure when the
   * server cannot be asked.
   */
  renew(staleToken: string): Promise<LoggedIn | null> {
    this.#renewing ??= this.#ports
      .exclusively(() => this.#renewOnce(staleToken))
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  async #renewOnce(staleToken: string): Promise<LoggedIn | null> {
    const stored = this.#read();
    if (stored === null || stored.accessToken !== staleToken) {
      this.data.set(stored);
      return stored;
    }
    try {
      const renewed = await this.#ports.refresh(stored.refreshToken);
      this.set(renewed);
      return renewed;
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 401) throw error;
      this.ended = true;
      this.clear();
      return null;
    }
  }

  #read(): LoggedIn | null {
    try {
      const stored: unknown = JSON.parse(this.#ports.storage.getItem(SESSION_KEY) ?? 'null');
      return isSession(stored) ? stored : null;
    } catch {
      return null;
    }
  }
}

function isSession(value: unknown): value is LoggedIn {
  if (typeof value !== 'object' || value === null) return false;
  const data = value as Partial<LoggedIn>;
  return (
    typeof data.accessToken === 'string' && typeof data.refreshToken === 'string' && typeof data.user?.id === 'string'
  );
}
