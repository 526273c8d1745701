import { describe, expect, it } from '@jest/globals';
import { createLocalWork } from '../../../src/queues/local-work.js';

const LANE = { lane: 'in:messenger:1:2' };

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
  it('is refused where this process does not work the queue, so that others are told', () => {
    expect(createLocalWork(() => undefined).offer('inbound', LANE)).toBe(false);
  });

  it('begins up to the number of places; what is more waits, and the same once only', async () => {
    const { perform, release, begun } = held();
    const local = createLocalWork(() => undefined);
    local.serve('inbound', 2, perform);
    const offered = ['1', '2', '3', '3'].map((contact) =>
      local.offer('inbound', { lane: `in:messenger:1:${contact}` }),
    );
    expect(offered).toEqual([true, true, true, true]);
    await new Promise(setImmediate);
    expect(begun()).toBe(2);
    release();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(begun()).toBe(3);
  });

  it('leaves to others what is too much to wait', () => {
    const local = createLocalWork(() => undefined);
    local.serve('inbound', 1, held().perform);
    const offers = Array.from({ length: 600 }, (_, contact) => local.offer('inbound', { lane: `in:web:1:${contact}` }));
    expect(offers.filter((taken) => taken)).toHaveLength(501);
  });

  it('leaves the caller first', () => {
    const { perform, begun } = held();
    const local = createLocalWork(() => undefined);
    local.serve('inbound', 1, perform);
    local.offer('inbound', LANE);
    expect(begun()).toBe(0);
  });

  it('tells of what failed, and gives the place back', async () => {
    const failed: unknown[] = [];
    const local = createLocalWork((queue, error) => failed.push([queue, (error as Error).message]));
    local.serve('inbound', 1, () => Promise.reject(new Error('the store is away')));
    local.offer('inbound', LANE);
    await local.stop();
    expect(failed).toEqual([['inbound', 'the store is away']]);
  });

  it('finishes what runs when it stops, and takes nothing more', async () => {
    const { perform, release } = held();
    const local = createLocalWork(() => undefined);
    local.serve('inbound', 2, perform);
    local.offer('inbound', LANE);
    let stopped = false;
    const stopping = local.stop().then(() => (stopped = true));
    expect(local.offer('inbound', LANE)).toBe(false);
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    release();
    await stopping;
  });
});
