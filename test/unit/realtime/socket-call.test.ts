import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { rateLimited } from '../../../src/errors.js';
import { loggerTo, quietLogger } from '../../support/loggers.js';
import { answerCalls, bindCalls, type Answering } from '../../../src/realtime/socket-call.js';
import type { Ack } from '../../../src/shared/schemas/error.js';

const silent = (): void => undefined;
const nothing = (): Promise<void> => Promise.resolve();
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A socket on which a test says what comes in. */
class PlayedSocket {
  readonly id = 'one';
  say: (event: unknown, ...args: unknown[]) => void = silent;
  onAny = (listen: (event: unknown, ...args: unknown[]) => void): this => {
    this.say = listen;
    return this;
  };
  emit = (): boolean => true;
}

/** A row that takes anything and answers anything. */
const row = { says: '', ability: null, rate: 'other', input: z.unknown(), answer: z.unknown(), reply: null } as const;

/** Everybody may call, as often as they like. */
const answering = (): Answering<null> => ({
  logger: quietLogger,
  faults: { note: silent, stop: silent },
  count: nothing,
  callerOf: () => Promise.resolve(null),
  guard: (_caller, work) => work(),
});

test('calls of one socket begin in the order of their arrival, however long it takes to learn who calls', async () => {
  const socket = new PlayedSocket();
  const begun: string[] = [];
  const calls = bindCalls(
    { say: { ...row, input: z.string() } },
    {
      say: (_caller: null, text) => {
        begun.push(text);
        return Promise.resolve(text);
      },
    },
  );
  const waiting: ((known: boolean) => void)[] = [];
  const callerOf = (): Promise<null> =>
    waiting.length > 0
      ? Promise.resolve(null)
      : new Promise((resolve, reject) =>
          waiting.push((known) => (known ? resolve(null) : reject(new Error('not allowed')))),
        );
  answerCalls<null>(socket, calls, { ...answering(), callerOf });

  const answers: Ack<unknown>[] = [];
  for (const text of ['first', 'second', 'third']) socket.say('say', text, (ack: Ack<unknown>) => answers.push(ack));
  await settle();
  expect(begun).toEqual([]);
  waiting[0]?.(true);
  await settle();
  expect(begun).toEqual(['first', 'second', 'third']);
  expect(answers).toEqual(['first', 'second', 'third'].map((data) => ({ ok: true, data })));
});

test('a socket that sends more calls than it waits for is refused the surplus at once, until some are answered', async () => {
  const socket = new PlayedSocket();
  let begun = 0;
  let finish: () => void = silent;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const handle = async (): Promise<void> => {
    begun += 1;
    await slow;
  };
  const calls = bindCalls({ work: row }, { work: handle });
  answerCalls<null>(socket, calls, answering());
  const answers: Ack<unknown>[] = [];
  const say = (): void => socket.say('work', {}, (ack: Ack<unknown>) => answers.push(ack));
  for (let n = 0; n < 1_000; n += 1) say();
  await settle();
  expect(begun).toBe(200);
  expect(answers).toHaveLength(800);
  expect(answers[0]).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } });
  finish();
  await settle();
  say();
  await settle();
  expect(answers.filter(({ ok }) => ok)).toHaveLength(201);
});

test('what clients do wrong is counted by its kind, and never an error of ours', async () => {
  const socket = new PlayedSocket();
  const errors: string[] = [];
  const faults: string[] = [];
  const calls = bindCalls({ say: { ...row, input: z.string() } }, { say: nothing });
  answerCalls<null>(socket, calls, {
    ...answering(),
    logger: loggerTo((_level, _category, message) => void errors.push(message)),
    faults: { note: (side, code) => void faults.push(`${side} ${code}`), stop: silent },
  });
  const answers: Ack<unknown>[] = [];
  for (const event of [7, 'x'.repeat(10_000), 'say']) socket.say(event, 1, (ack: Ack<unknown>) => answers.push(ack));
  await settle();
  expect(answers.map((ack) => !ack.ok && ack.error.code)).toEqual([
    'UNKNOWN_EVENT',
    'UNKNOWN_EVENT',
    'VALIDATION_ERROR',
  ]);
  expect(faults).toEqual(['sockets UNKNOWN_EVENT', 'sockets UNKNOWN_EVENT', 'sockets VALIDATION_ERROR']);
  expect(errors).toEqual([]);
});

test('a call is counted before anything else, and its refusal says when to try again', async () => {
  const socket = new PlayedSocket();
  const counted: string[] = [];
  const rates = { say: { ...row, rate: 'messages' }, ask: { ...row, rate: 'sync' } } as const;
  answerCalls<null>(socket, bindCalls(rates, { say: nothing, ask: nothing }), {
    ...answering(),
    count: (rate) => (counted.push(rate), rate === 'sync' ? Promise.reject(rateLimited(12)) : nothing()),
    callerOf: (event) => (event === 'ask' ? Promise.reject(new Error('looked up')) : Promise.resolve(null)),
  });
  const answers: Ack<unknown>[] = [];
  for (const event of ['say', 'ask', 'nonsense']) socket.say(event, {}, (ack: Ack<unknown>) => answers.push(ack));
  await settle();
  expect(counted).toEqual(['messages', 'sync', 'other']);
  expect(answers.find((ack) => !ack.ok && ack.error.code === 'RATE_LIMITED')).toMatchObject({
    error: { retryAfter: 12 },
  });
});
