import { backoff } from '../core/backoff.js';
import { AttributeSaver } from './attribute-saver.js';
import type { VisitorMemory } from './memory.js';
import type { Identity, VisitedPage, VisitorSession } from '../../../src/shared/schemas/visitor.js';
import { requestSession } from './session.js';

interface SessionKeeperOptions {
  origin: string;
  inboxKey: string;
  memory: VisitorMemory;
  /** The page of this moment. */
  page?: (() => VisitedPage) | undefined;
  onSession: (session: VisitorSession) => void;
  /** The inbox is unknown, or this site may not use it. */
  onUnavailable: (code: string) => void;
  /** The site's word for its user was not accepted; the session goes on without it. */
  onIdentityRefused: () => void;
  onAttributesRefused: () => void;
}

/** Opens the visitor session and renews it on demand, with growing waits while the server cannot be reached. */
export class SessionKeeper {
  private identity: Identity | null = null;
  /** The token of the session that this tab goes on with. */
  private token: string | null = null;
  private attempt = 0;
  private generation = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  private readonly attributes: AttributeSaver;

  constructor(private readonly options: SessionKeeperOptions) {
    const { origin, inboxKey, memory, onAttributesRefused } = options;
    this.attributes = new AttributeSaver({
      origin,
      inboxKey,
      token: () => memory.token,
      onRefused: onAttributesRefused,
    });
  }

  /** From now on, the session is asked for in this user's name; null: in nobody's. */
  identify(identity: Identity | null): void {
    this.identity = identity;
    this.attributes.hold();
  }

  /** Asks for a session now. A request that is still under way is disregarded. */
  renew(): void {
    this.clearTimer();
    void this.ask(++this.generation);
  }

  /** Goes on with a session that is open. */
  adopt(session: VisitorSession): void {
    const { memory, onSession } = this.options;
    this.clearTimer();
    this.token = session.token;
    // The token first: other tabs take the change of contact as the sign to read it.
    memory.token = session.token;
    memory.belongTo(session.contactId);
    this.attributes.release();
    onSession(session);
  }

  /** Asks for a session after the wait that repeated failures call for. */
  renewLater(): void {
    this.wait(backoff(this.attempt++));
  }

  /** The connection works: the next failure waits briefly again. */
  settled(): void {
    this.attempt = 0;
  }

  /** A wait is under way; true also means that `renew` would shorten it. */
  get waiting(): boolean {
    return this.timer !== null;
  }

  /** Another tab has been given a later token, perhaps for somebody else. */
  get behind(): boolean {
    const stored = this.options.memory.token;
    return this.token !== null && stored !== null && stored !== this.token;
  }

  /** Stores attributes with the contact of this session, or of the one that is being opened. */
  saveAttributes(attributes: Record<string, string>): void {
    this.attributes.add(attributes);
  }

  stop(): void {
    this.generation++;
    this.clearTimer();
    this.attributes.stop();
  }

  private async ask(generation: number): Promise<void> {
    const { origin, inboxKey, memory, page } = this.options;
    const { token } = memory;
    const result = await requestSession(origin, {
      inboxKey,
      ...(token === null ? {} : { token }),
      ...(this.identity === null ? {} : { identity: this.identity }),
      ...(page === undefined ? {} : { page: page() }),
    });
    if (generation !== this.generation) return;
    const isOutdated = this.identity === null && memory.token !== null && memory.token !== token;
    // Another tab was given a token meanwhile: whoever that is, we are, too.
    if (isOutdated) this.renew();
    else if (result.kind === 'ok') {
      this.adopt(result.data);
    } else if (result.kind === 'later') {
      this.wait(result.waitMs ?? backoff(this.attempt++));
    } else {
      this.refused(result.code, token);
    }
  }

  /**
   * Gives up what may be the reason, one thing after the other: the site's word for its user, then the stored token. A token that
   * worked until now has ended, most likely because another tab has identified the visitor: its successor is about to be stored.
   */
  private refused(code: string, token: string | null): void {
    if (this.identity !== null) {
      this.identity = null;
      this.options.onIdentityRefused();
      this.renew();
    } else if (token !== null && token === this.token) {
      this.token = null;
      this.renewLater();
    } else if (token !== null) {
      this.options.memory.token = null;
      this.renew();
    } else {
      this.options.onUnavailable(code);
    }
  }

  private wait(milliseconds: number): void {
    this.clearTimer();
    this.timer = setTimeout(() => this.renew(), milliseconds);
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
