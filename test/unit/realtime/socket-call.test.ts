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
