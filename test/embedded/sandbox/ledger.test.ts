import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GraphCall, Message, Person, Webhook } from '../../../embedded/sandbox/messenger/types.js';
import { proofOf } from '../../../embedded/sandbox/messenger/wire.js';
import { APP, Bench, PAGE, startReceiver, type Json, type Receiver } from './support.js';
import { until } from '../../support/until.js';

const MAIN = join(import.meta.dirname, '../../../embedded/sandbox/messenger/main.ts');

describe('a process', () => {
  let dir: string;
  let receiver: Receiver;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'sandbox-'));
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(kill));
    await receiver.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async function spawnSandbox(): Promise<{ child: ChildProcess; url: string }> {
    const options = ['--webhook-url', receiver.url, '--app-id', APP.appId, '--data', dir];
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH ?? '',
        SANDBOX_APP_SECRET: APP.appSecret,
        SANDBOX_VERIFY_TOKEN: APP.verifyToken,
        SANDBOX_PAGES: `${PAGE.id}:${PAGE.token}:${PAGE.name}`,
      },
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await once(lines, 'line')) as [string];
    const ready = JSON.parse(line) as { ready: boolean; url: string };
    expect(ready.ready).toBe(true);
    return { child, url: ready.url };
  }

  const get = async <T>(url: string): Promise<T> => (await fetch(url)).json() as Promise<T>;
  const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Json> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    expect(response.ok).toBe(true);
    return (response.status === 204 ? {} : await response.json()) as Json;
  };

  test('killed with kill -9 keeps what it answered, and goes on delivering', async () => {
    const first = await spawnSandbox();
    const [person] = await get<Person[]>(`${first.url}/sandbox/api/people`);
    const id = String(person?.id);
    await post(`${first.url}/sandbox/api/people/${id}/messages`, { text: 'before' });
    await until(() => receiver.events().length === 1);
    receiver.answers.push(...Array<number>(1000).fill(503));
    await post(`${first.url}/sandbox/api/people/${id}/messages`, { text: 'undelivered' });
    const { message_id: mid } = await post(
      `${first.url}/v25.0/${PAGE.id}/messages?appsecret_proof=${proofOf(PAGE.token, APP.appSecret)}`,
      { recipient: { id }, messaging_type: 'RESPONSE', message: { text: 'answer' } },
      { Authorization: `Bearer ${PAGE.token}` },
    );
    await post(`${first.url}/sandbox/api/rules`, { kind: 'send', times: 3, mode: { type: 'error', code: 2 } });
    await kill(first.child);
    const before = receiver.received.length;
    receiver.answers.length = 0;
    appendFileSync(join(dir, 'journal.jsonl'), '{"type":"message","mess');

    const second = await spawnSandbox();
    const api = `${second.url}/sandbox/api`;
    const { messages } = await get<{ messages: Message[] }>(`${api}/ledger?person=${id}`);
    expect(messages.map(({ text, direction }) => [text, direction])).toEqual([
      ['before', 'in'],
      ['undelivered', 'in'],
      ['answer', 'out'],
    ]);
    expect(messages[2]?.mid).toBe(mid);
    expect(messages.map(({ order }) => order)).toEqual([1, 2, 3]);
    const [call] = await get<GraphCall[]>(`${api}/calls`);
    expect(call).toMatchObject({ kind: 'send', status: 200, mid, personId: id });
    expect(await get<Json[]>(`${api}/rules`)).toMatchObject([{ times: 3 }]);
    await until(async () => {
      const hooks = await get<Webhook[]>(`${api}/webhooks`);
      return hooks.length === 4 && hooks.every(({ state }) => state === 'delivered');
    });
    const late = receiver.received.slice(before).flatMap(({ body }) => body.entry[0]?.messaging ?? []);
    expect(late.map(({ message }) => (message as Json | undefined)?.text)).toEqual([
      'undelivered',
      'answer',
      undefined,
    ]);
    expect(receiver.challenges).toBe(1);

    await post(`${api}/people/${id}/messages`, { text: 'after' });
    const { messages: more } = await get<{ messages: Message[] }>(`${api}/ledger?person=${id}`);
    expect(more.at(-1)).toMatchObject({ text: 'after', order: 4 });
    second.child.kill('SIGTERM');
    const [code] = (await once(second.child, 'exit')) as [number];
    expect(code).toBe(0);
  });

  test('says what is wrong with its command line', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--data', 'somewhere'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH ?? '' },
    });
    children.push(child);
    const chunks: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(2);
    expect(chunks.join('')).toMatch(/--app-id is missing\nusage: /);
  });
});

describe('in process', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.start();
  });
  afterEach(() => bench.stop());

  test('keeps every message of everybody in one order, with strictly rising times per thread', async () => {
    const people = (await bench.script('/people')).body as unknown as Person[];
    await Promise.all(
      people.flatMap(({ id }) =>
        Array.from({ length: 20 }, (_, n) => bench.script(`/people/${id}/messages`, { text: `${n}` })),
      ),
    );
    const { messages } = (await bench.script('/ledger')).body as unknown as { messages: Message[] };
    expect(messages.map(({ order }) => order)).toEqual(messages.map((_, index) => index + 1));
    for (const { id } of people) {
      const times = messages.filter(({ personId }) => personId === id).map(({ at }) => at);
      expect(times).toHaveLength(20);
      expect(times.every((at, index) => index === 0 || at > (times[index - 1] ?? Infinity))).toBe(true);
    }
    expect((await bench.script('/ledger?limit=5')).body.messages).toHaveLength(5);
  });

  test('reset starts over, with the same demo people and nothing queued', async () => {
    bench.receiver.answers.push(...Array<number>(50).fill(500));
    await bench.says('gone soon');
    await bench.rule({ kind: 'send', mode: { type: 'hang' } });
    expect((await bench.script('/reset', {})).status).toBe(204);
    const state = (await bench.script('/state')).body as { people: Person[]; rules: unknown[]; webhook: Json };
    expect(state.people[0]).toMatchObject({ id: bench.person.id, lastMessageAt: null });
    expect(state.rules).toEqual([]);
    expect(state.webhook.queued).toBe(0);
    expect(await bench.thread()).toEqual([]);
    bench.receiver.answers.length = 0;
    await bench.says('afresh');
    await until(() => bench.receiver.events().some(({ message }) => (message as Json).text === 'afresh'));
  });

  test('tells watchers of every change as it happens', async () => {
    const abort = new AbortController();
    const response = await fetch(`${bench.sandbox.url}/sandbox/api/stream`, { signal: abort.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let heard = '';
    await bench.says('live');
    while (!heard.includes('"type":"message"')) {
      const { value, done } = await reader.read();
      if (done) break;
      heard += new TextDecoder().decode(value);
    }
    expect(heard).toContain(`data: {"type":"message","personId":"${bench.person.id}"}`);
    abort.abort();
  });

  test('signs the callbacks of the platform', async () => {
    const { body } = await bench.script('/callbacks', { url: bench.receiver.url, userId: '10229483756610284' });
    expect(body.status).toBe(200);
    const [signature, payload = ''] = bench.receiver.forms[0]?.get('signed_request')?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ user_id: '10229483756610284' });
    expect(signature).toBe(createHmac('sha256', APP.appSecret).update(payload).digest('base64url'));
  });
});
