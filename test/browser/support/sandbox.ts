/** A person who writes by Messenger. */
export interface Person {
  id: string;
  name: string;
}

/** A message as the platform keeps it. */
export interface LedgerMessage {
  mid: string;
  text: string | null;
  direction: 'in' | 'out';
}

/** The sandbox's scripting API (docs/sandbox.md): what no person can do on the phone page. */
export class Sandbox {
  constructor(readonly url: string) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/sandbox/api${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  async newPerson(firstName: string, lastName: string): Promise<Person> {
    const { id } = await this.call<{ id: string }>('POST', '/people', { firstName, lastName });
    return { id, name: `${firstName} ${lastName}` };
  }

  act<T>(person: Person, name: string, body: unknown = {}): Promise<T> {
    return this.call('POST', `/people/${person.id}/${name}`, body);
  }

  async messagesOf(person: Person): Promise<LedgerMessage[]> {
    return (await this.call<{ messages: LedgerMessage[] }>('GET', `/ledger?person=${person.id}`)).messages;
  }

  /** What the hub asked the platform to send to this person, newest last. */
  async sendsTo(person: Person): Promise<unknown[]> {
    return this.call('GET', `/calls?kind=send&person=${person.id}`);
  }

  /**
   * The person's first message reaches the hub only now, with the time at which it was written so many hours ago; on the
   * platform as much time has passed.
   */
  async writeHoursAgo(person: Person, text: string, hours: number): Promise<void> {
    const match = { personId: person.id, event: 'messages' };
    await this.call('POST', '/rules', { kind: 'webhook', match, times: 1, mode: { type: 'drop' } });
    const { mid } = await this.act<LedgerMessage>(person, 'messages', { text });
    await this.act(person, 'clock', { hours });
    const timestamp = Date.now() - hours * 3_600_000;
    await this.act(person, 'events', { event: { timestamp, message: { mid, text } } });
  }
}
