import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Logger } from '../../../src/logging/logger.js';
import { answerCalls, defineCall } from '../../../src/realtime/socket-call.js';
import type { Ack } from '../../../src/shared/socket-events.js';

const silent = (): void => undefined;
const logger: Logger = { error: silent, warn: silent, info: silent, debug: silent };
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A socket on which a test says what comes in. */
class PlayedSocket {
  readonly id = 'one';
  say: (event: string, ...args: unknown[]) => void = silent;
  onAny = (listen: (event: string, ...args: unknown[]) => void): this => {
    this.say = listen;
    return this;
  };
  emit = (): boolean => true;
}

test('calls of one socket begin in the order of their arrival, however long it takes to learn who calls', async () => {
  const socket = new PlayedSocket();
  const begun: string[] = [];
  const calls = {
    say: defineCall({
      ability: null,
      input: z.string(),
      handle: (_caller: null, text) => {
        begun.push(text);
        return Promise.resolve(text);
      },
    }),
  };
  const waiting: ((known: boolean) => void)[] = [];
  const callerOf = (): Promise<null> =>
    waiting.length > 0
      ? Promise.resolve(null)
      : new Promise((resolve, reject) =>
          waiting.push((known) => (known ? resolve(null) : reject(new Error('not allowed')))),
        );
  answerCalls<null>(socket, calls, logger, callerOf, (_caller, work) => work());

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
  const calls = { work: defineCall<null, z.ZodUnknown>({ ability: null, input: z.unknown(), handle }) };
  answerCalls<null>(
    socket,
    calls,
    logger,
    () => Promise.resolve(null),
    (_caller, work) => work(),
  );
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
