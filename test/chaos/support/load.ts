import type { AgentClient, VisitorClient } from './clients.js';
import { RefusedError } from './live-socket.js';
import { serialText } from './serial.js';
import type { Sandbox } from '../../support/sandbox.js';
import { untilDone } from '../../support/until.js';

/** One contact with their thread. What is counted was accepted or will be, so all of it must be there in the end. */
export interface Thread {
  name: string;
  channel: 'messenger' | 'web';
  personId: string | null;
  visitor: VisitorClient | null;
  written: number;
  followed: number;
  answered: number;
  /** Names of the files that went out. */
  files: string[];
}

/** What may go with a message. */
export interface Extras {
  /** A sticker of the person, or a file of the agent; Messenger only. */
  file?: boolean;
}

/** An unacknowledged send gives up after this long: longer than any outage here. Milliseconds. */
const ACCEPTED_WITHIN = 120_000;
const FOLLOWS_EVERY = 4;

/**
 * Writes and answers with serial numbers. One sender's sends to one thread run one after the other, each tried until it is
 * acknowledged; different threads and both directions run side by side.
 */
export class Load {
  readonly threads: Thread[] = [];
  /** Error codes of refused tries, counted; tries that were not answered are not. */
  readonly refusals = new Map<string, number>();
  #turns = 0;
  readonly #chains = new Map<string, Promise<void>>();

  constructor(
    readonly agent: AgentClient,
    readonly sandbox: Sandbox,
  ) {}

  add(name: string, who: { personId: string } | { visitor: VisitorClient }): Thread {
    const thread: Thread = {
      name,
      channel: 'personId' in who ? 'messenger' : 'web',
      personId: 'personId' in who ? who.personId : null,
      visitor: 'visitor' in who ? who.visitor : null,
      ...{ written: 0, followed: 0, answered: 0, files: [] },
    };
    this.threads.push(thread);
    return thread;
  }

  /**
   * A Messenger thread, each in its turn: a look-up of an unknown outcome sees what a thread's newest 20 messages say and the ids of
   * the newest 100, so none may be written in much more often than the others.
   */
  nextPerson(): Thread {
    const people = this.threads.filter(({ channel }) => channel === 'messenger');
    const next = people[(this.#turns += 1) % people.length];
    if (next === undefined) throw new Error('there is no Messenger thread');
    return next;
  }

  get written(): number {
    return this.threads.reduce((sum, thread) => sum + thread.written, 0);
  }

  get answered(): number {
    return this.threads.reduce((sum, thread) => sum + thread.answered, 0);
  }

  /** The contact writes; now and then they also follow a link, which shows as a line of the system. */
  write(thread: Thread, { file = false }: Extras = {}): void {
    const n = (thread.written += 1);
    const text = serialText(thread.name, 'in', n);
    const { visitor, personId } = thread;
    this.#next(`${thread.name}:in`, async () => {
      if (visitor !== null) await this.#until(() => visitor.write(text));
      if (personId !== null) {
        const attachments = file ? [{ type: 'sticker' }] : [];
        await this.#until(() => this.sandbox.act({ id: personId }, 'messages', { text, attachments }));
      }
    });
    if (personId === null || n % FOLLOWS_EVERY !== 0) return;
    const ref = serialText(thread.name, 'ref', (thread.followed += 1));
    this.#next(`${thread.name}:in`, () => this.#until(() => this.sandbox.act({ id: personId }, 'referrals', { ref })));
  }

  /** The agent answers; every other thread over HTTP. */
  answer(thread: Thread, { file = false }: Extras = {}): void {
    const n = (thread.answered += 1);
    const text = serialText(thread.name, 'out', n);
    const over = this.threads.indexOf(thread) % 2 === 0 ? 'socket' : 'http';
    const name = `${thread.name}-${n}.txt`;
    if (file) thread.files.push(name);
    this.#next(`${thread.name}:out`, async () => {
      const conversationId = await this.#until(() => this.#conversationOf(thread));
      const attachmentIds = file ? [await this.#until(() => this.agent.upload(name))] : [];
      await this.#until(() => this.agent.answer(conversationId, text, attachmentIds, over));
    });
  }

  /** Resolves when everything was accepted. @throws the last refusal of what never was. */
  async accepted(): Promise<void> {
    await Promise.all(this.#chains.values());
  }

  #conversationOf(thread: Thread): Promise<string> {
    const id = this.agent.conversationOf(thread.name);
    return id === null ? Promise.reject(new Error(`${thread.name} is not in the inbox yet`)) : Promise.resolve(id);
  }

  #next(chain: string, work: () => Promise<void>): void {
    const next = (this.#chains.get(chain) ?? Promise.resolve()).then(work);
    next.catch(() => undefined);
    this.#chains.set(chain, next);
  }

  #until<T>(attempt: () => Promise<T>): Promise<T> {
    return untilDone(async () => {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof RefusedError) this.refusals.set(error.code, (this.refusals.get(error.code) ?? 0) + 1);
        throw error;
      }
    }, ACCEPTED_WITHIN);
  }
}
