import type { Message, Webhook } from '../../embedded/sandbox/messenger/types.js';

/** A person who writes by Messenger. */
export interface Person {
  id: string;
  name: string;
}

/** The scripting API of a running sandbox (docs/sandbox.md). */
export class Sandbox {
  constructor(readonly url: string) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/sandbox/api${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  async newPerson(firstName: string, lastName?: string): Promise<Person> {
    const { id } = await this.call<{ id: string }>('POST', '/people', { firstName, lastName });
    return { id, name: lastName === undefined ? firstName : `${firstName} ${lastName}` };
  }

  /** Somebody does something: writes `messages`, follows `referrals`, and so on. */
  act<T>({ id }: Pick<Person, 'id'>, name: string, body: unknown = {}): Promise<T> {
    return this.call('POST', `/people/${id}/${name}`, body);
  }

  /** Every message, in the order in which the platform accepted them; of one person if told. */
  async ledger(person?: Person): Promise<Message[]> {
    const query = person === undefined ? '' : `?person=${person.id}`;
    return (await this.call<{ messages: Message[] }>('GET', `/ledger${query}`)).messages;
  }

  /** What the hub asked the platform to send to this person, newest last. */
  async sendsTo(person: Person): Promise<unknown[]> {
    return this.call('GET', `/calls?kind=send&person=${person.id}`);
  }

  /** Events that the hub has not taken yet. */
  queued(): Promise<Webhook[]> {
    return this.call('GET', '/webhooks?state=queued');
  }

  /** Makes every send take this long; the message is accepted at the end. */
  async delaySends(ms: number): Promise<void> {
    await this.call('POST', '/rules', { kind: 'send', times: null, mode: { type: 'delay', ms } });
  }

  /**
   * The person's first message reaches the hub only now, with the time at which it was written so many hours ago; on the
   * platform as much time has passed.
   */
  async writeHoursAgo(person: Person, text: string, hours: number): Promise<void> {
    const match = { personId: person.id, event: 'messages' };
    await this.call('POST', '/rules', { kind: 'webhook', match, times: 1, mode: { type: 'drop' } });
    const { mid } = await this.act<Message>(person, 'messages', { text });
    await this.act(person, 'clock', { hours });
    const timestamp = Date.now() - hours * 3_600_000;
    await this.act(person, 'events', { event: { timestamp, message: { mid, text } } });
  }
}
