import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createLocalWork } from '../../../src/queues/local-work.js';

const LANE = { lane: 'in:messenger:1:2' };
const laneOf = (contact: number) => ({ lane: `in:messenger:1:${contact}` });
const nobody = (): void => undefined;

afterEach(() => void jest.useRealTimers());

/** Work that goes on until it is released. */
function held(): { perform(): Promise<void>; release(): void; begun: () => number } {
  let begun = 0;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    perform: () => {
      begun += 1;
      return released;
    },
    release,
    begun: () => begun,
  };
}

describe('work that a process tells itself', () => {
  it('is for others where this process does not work the queue', () => {
    const others = jest.fn();
    createLocalWork(nobody).offer('inbound', LANE, others);
    expect(others).toHaveBeenCalledTimes(1);
  });

  it('begins up to the number of places; what is more waits, and the same once only', async () => {
    const { perform, release, begun } = held();
    const others = jest.fn();
    const local = createLocalWork(nobody);
    local.serve('inbound', 2, perform);
    for (const contact of [1, 2, 3, 3]) local.offer('inbound', laneOf(contact), others);
    await new Promise(setImmediate);
    expect(begun()).toBe(2);
    release();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(begun()).toBe(3);
    expect(others).not.toHaveBeenCalled();
  });

  it('is left to others where too much waits', () => {
    const others = jest.fn();
    const local = createLocalWork(nobody);
    local.serve('inbound', 1, held().perform);
    for (let contact = 0; contact < 600; contact += 1) local.offer('inbound', laneOf(contact), others);
    expect(others).toHaveBeenCalledTimes(99);
  });

  it('is left to others when this process is held up for a second', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const { perform, release, begun } = held();
    const others = jest.fn();
    const local = createLocalWork(nobody);
    local.serve('inbound', 1, perform);
    for (const contact of [1, 2]) local.offer('inbound', laneOf(contact), others);
    jest.advanceTimersByTime(999);
    expect(others).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(others).toHaveBeenCalledTimes(1);
    release();
    await local.stop();
    expect(begun()).toBe(1);
  });

  it('leaves the caller first', () => {
    const { perform, begun } = held();
    const local = createLocalWork(nobody);
    local.serve('inbound', 1, perform);
    local.offer('inbound', LANE, nobody);
    expect(begun()).toBe(0);
  });

  it('tells of what failed, and gives the place back', async () => {
    const failed: unknown[] = [];
    const local = createLocalWork((queue, hint, error) => failed.push([queue, hint, (error as Error).message]));
    local.serve('inbound', 1, () => Promise.reject(new Error('the store is away')));
    local.offer('inbound', LANE, nobody);
    local.offer('inbound', laneOf(3), nobody);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await local.stop();
    expect(failed).toEqual([
      ['inbound', LANE, 'the store is away'],
      ['inbound', laneOf(3), 'the store is away'],
    ]);
  });

  it('finishes what runs when it stops, and leaves the rest to others', async () => {
    const { perform, release, begun } = held();
    const others = jest.fn();
    const local = createLocalWork(nobody);
    local.serve('inbound', 1, perform);
    for (const contact of [1, 2]) local.offer('inbound', laneOf(contact), others);
    let stopped = false;
    const stopping = local.stop().then(() => (stopped = true));
    expect(others).toHaveBeenCalledTimes(1);
    local.offer('inbound', laneOf(3), others);
    expect(others).toHaveBeenCalledTimes(2);
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    release();
    await stopping;
    expect(begun()).toBe(1);
  });
});
