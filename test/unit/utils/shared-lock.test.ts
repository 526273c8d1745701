import { expect, test } from '@jest/globals';
import { SharedLock } from '../../../src/utils/shared-lock.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that says when it begins and ends when it is told to. */
function createWorks() {
  const log: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) => (): Promise<string> => {
    log.push(name);
    return new Promise((resolve, reject) =>
      ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error))),
    );
  };
  const end = async (name: string, error?: Error): Promise<void> => {
    ends.get(name)?.(error);
    await settle();
  };
  return { log, work, end };
}

test('shared work runs side by side; work alone waits for it, and later work for that', async () => {
  const lock = new SharedLock();
  const { log, work, end } = createWorks();
  const first = lock.shared(work('first'));
  const second = lock.shared(work('second'));
  const alone = lock.alone(work('alone'));
  const later = lock.shared(work('later'));
  await settle();
  expect(log).toEqual(['first', 'second']);
  await end('first');
  expect(log).toEqual(['first', 'second']);
  await end('second');
  expect(log).toEqual(['first', 'second', 'alone']);
  await end('alone');
  expect(log).toEqual(['first', 'second', 'alone', 'later']);
  await end('later');
  expect(await Promise.all([first, second, alone, later])).toEqual(['first', 'second', 'alone', 'later']);
});

test('pieces of work alone run one after the other, also when one fails', async () => {
  const lock = new SharedLock();
  const { log, work, end } = createWorks();
  const failing = lock.alone(work('failing'));
  const next = lock.alone(work('next'));
  const shared = lock.shared(work('shared'));
  await settle();
  expect(log).toEqual(['failing']);
  const failed = expect(failing).rejects.toThrow('no');
  await end('failing', new Error('no'));
  await failed;
  expect(log).toEqual(['failing', 'next']);
  await end('next');
  expect(log).toEqual(['failing', 'next', 'shared']);
  await end('shared');
  expect(await Promise.all([next, shared])).toEqual(['next', 'shared']);
});

test('failed shared work makes room', async () => {
  const lock = new SharedLock();
  await expect(lock.shared(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lock.alone(() => Promise.resolve('done'))).toBe('done');
});
