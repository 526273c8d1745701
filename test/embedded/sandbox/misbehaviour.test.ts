import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GraphCall } from '../../../embedded/sandbox/messenger/types.js';
import { Bench, PAGE, codes, type Json } from './support.js';
import { until } from '../../support/until.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
  await bench.says('hello');
  await until(() => bench.receiver.events().length === 1);
});
afterEach(() => bench.stop());

const sentTexts = async (): Promise<unknown[]> =>
  (await bench.thread()).filter(({ direction }) => direction === 'out').map(({ text }) => text);
const echoes = (): Json[] =>
  bench.receiver
    .eventsWith('message')
    .map(({ message }) => message as Json)
    .filter((message) => message.is_echo === true);
const lastCall = async (): Promise<GraphCall> => {
  const calls = (await bench.script('/calls')).body as unknown as GraphCall[];
  const call = calls.at(-1);
  if (call === undefined) throw new Error('no call');
  return call;
};

describe('answers', () => {
  test('any error of the platform, by code and subcode, as often as asked', async () => {
    await bench.rule({ kind: 'send', times: 2, mode: { type: 'error', code: 551, subcode: 1545041 } });
    for (let n = 0; n < 2; n += 1) {
      const answer = await bench.send('refused');
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        error: {
          message: '(#551) This person is not available right now.',
          type: 'OAuthException',
          code: 551,
          error_subcode: 1545041,
          fbtrace_id: expect.any(String),
        },
      });
    }
    expect((await bench.send('fine')).status).toBe(200);
    expect(await sentTexts()).toEqual(['fine']);
  });

  test('an error although the message was sent', async () => {
    await bench.rule({ kind: 'send', mode: { type: 'error', code: 1, subcode: 1357046, accepted: true } });
    expect(codes(await bench.send('sent anyway'))).toEqual([1, 1357046]);
    await until(() => echoes().length === 1);
    expect(await sentTexts()).toEqual(['sent anyway']);
    expect((await lastCall()).mid).toBe(echoes()[0]?.mid);
  });

  test('5xx, plain or as HTML, with or without the message sent', async () => {
    await bench.rule({ kind: 'send', mode: { type: 'http_error', status: 502, html: true } });
    const html = await bench.send('lost');
    expect(html.status).toBe(502);
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(html.body.text).toContain('<html');
    await bench.rule({ kind: 'any', mode: { type: 'http_error', status: 500, accepted: true } });
    const empty = await bench.send('kept');
    expect([empty.status, empty.body.text]).toEqual([500, '']);
    expect(await sentTexts()).toEqual(['kept']);
  });

  test('a real fault of the request wins over a rule that would have sent it', async () => {
    await bench.rule({ kind: 'send', mode: { type: 'hang', accepted: true } });
    expect(codes(await bench.send('x'.repeat(2001)))).toEqual([100, null]);
  });

  test('never: the message is accepted, the echo comes, the answer does not', async () => {
    await bench.rule({ kind: 'send', mode: { type: 'hang' } });
    const abort = new AbortController();
    let answered = false;
    const call = bench
      .graph(`${PAGE.id}/messages`, undefined, {
        method: 'POST',
        signal: abort.signal,
        body: JSON.stringify({
          recipient: { id: bench.person.id },
          messaging_type: 'RESPONSE',
          message: { text: 'hung' },
        }),
      })
      .then(() => (answered = true))
      .catch(() => undefined);
    await until(() => echoes().length === 1);
    expect((await lastCall()).outcome).toBe('hung');
    expect(answered).toBe(false);
    abort.abort();
    await call;
    expect(await sentTexts()).toEqual(['hung']);
  });

  test.each([
    [false, []],
    [true, ['cut']],
  ])('a closed connection, message accepted: %s', async (accepted, expected) => {
    await bench.rule({ kind: 'send', mode: { type: 'close', accepted } });
    await expect(bench.send('cut')).rejects.toThrow();
    expect(await sentTexts()).toEqual(expected);
    expect(await lastCall()).toMatchObject({ outcome: 'closed', status: null });
  });

  test('late', async () => {
    await bench.rule({ kind: 'send', mode: { type: 'delay', ms: 120 } });
    const before = Date.now();
    expect((await bench.send('slow')).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(115);
  });

  test('rate limits with usage headers, and headers alone', async () => {
    await bench.rule({ kind: 'send', mode: { type: 'rate_limit', minutes: 3 } });
    const limited = await bench.send('limited');
    expect(codes(limited)).toEqual([80006, null]);
    const usage = JSON.parse(limited.headers.get('x-business-use-case-usage') ?? '{}') as Record<string, Json[]>;
    expect(usage[PAGE.id]?.[0]).toMatchObject({ call_count: 100, estimated_time_to_regain_access: 3 });
    await bench.rule({ kind: 'send', mode: { type: 'usage', percent: 86 } });
    const warned = await bench.send('warned');
    expect(warned.status).toBe(200);
    expect(JSON.parse(warned.headers.get('x-app-usage') ?? '{}')).toMatchObject({ call_count: 86 });
    expect((await bench.send('quiet')).headers.get('x-app-usage')).toBeNull();
  });

  test('only where the rule matches', async () => {
    await bench.rule({ kind: 'send', match: { text: 'poison' }, times: null, mode: { type: 'error', code: 1200 } });
    await bench.rule({ kind: 'profile', mode: { type: 'error', code: 2 } });
    expect((await bench.send('fine')).status).toBe(200);
    expect(codes(await bench.send('some poison'))).toEqual([1200, null]);
    expect(codes(await bench.send('more poison'))).toEqual([1200, null]);
    expect(codes(await bench.graph(bench.person.id))).toEqual([2, null]);
    const rules = (await bench.script('/rules')).body as unknown as { id: string }[];
    expect(rules).toHaveLength(1);
    expect((await bench.script(`/rules/${rules[0]?.id}`, {}, 'DELETE')).status).toBe(204);
    expect((await bench.send('poison no more')).status).toBe(200);
  });

  test('a rule at the wrong place is refused', async () => {
    const refused = async (rule: Json) => (await bench.script('/rules', rule)).status;
    expect(await refused({ kind: 'send', mode: { type: 'drop' } })).toBe(400);
    expect(await refused({ kind: 'webhook', mode: { type: 'hang' } })).toBe(400);
    expect(await refused({ kind: 'profile', mode: { type: 'echo', how: 'never' } })).toBe(400);
    expect(await refused({ kind: 'send', mode: { type: 'explode' } })).toBe(400);
  });
});

describe('echoes', () => {
  const echoRule = (how: string, ms = 100) => bench.rule({ kind: 'send', mode: { type: 'echo', how, ms } });

  test('without metadata', async () => {
    await echoRule('bare');
    await bench.send('bare', {}, { metadata: 'secret' });
    await until(() => echoes().length === 1);
    expect(echoes()[0]).not.toHaveProperty('metadata');
  });

  test('before the answer', async () => {
    await echoRule('before_answer');
    bench.receiver.answers.push(500);
    const seen = await bench.send('first the echo', {}, { metadata: 'm' }).then(() => echoes().length);
    expect(seen).toBe(2);
  });

  test('after the answer when nothing is said', async () => {
    await bench.rule({ kind: 'send', mode: { type: 'delay', ms: 100 } });
    const before = Date.now();
    const call = bench.send('then the echo');
    await until(() => echoes().length === 1);
    expect(Date.now() - before).toBeGreaterThanOrEqual(95);
    await call;
  });

  test('late, and overtaken', async () => {
    await echoRule('late', 150);
    await bench.send('one');
    await bench.send('two');
    await until(() => echoes().length === 2);
    expect(echoes().map(({ text }) => text)).toEqual(['two', 'one']);
  });

  test('never', async () => {
    await echoRule('never');
    const { body } = await bench.send('silence');
    await until(() => bench.receiver.eventsWith('delivery').length === 1);
    expect(echoes()).toHaveLength(0);
    expect((bench.receiver.eventsWith('delivery')[0]?.delivery as Json).mids).toEqual([body.message_id]);
  });
});
