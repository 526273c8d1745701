import { beforeEach, describe, expect, it } from '@jest/globals';
import { TIMING } from '../../../../../src/shared/limits.js';
import type { ListView } from '../../../../../src/shared/schemas/view.js';
import { ApiFailure } from '../../../../../web/inbox/api/failure.js';
import { CatchUp } from '../../../../../web/inbox/stores/catch-up.js';
import { HandClock, settle } from '../builders.js';

/** A server whose answers a test gives by hand. */
class HandServer {
  readonly asked: string[] = [];
  #waiting: { resolve: (loaded: boolean) => void; reject: (error: Error) => void }[] = [];

  ask = (what: string): Promise<boolean> => {
    this.asked.push(what);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  };

  async answer(loaded = true): Promise<void> {
    this.#waiting.shift()?.resolve(loaded);
    await settle();
  }

  async fail(error = new Error('no answer')): Promise<void> {
    this.#waiting.shift()?.reject(error);
    await settle();
  }
}

const MINE: ListView = { kind: 'mine', done: false };
const DONE: ListView = { kind: 'mine', done: true };

describe('CatchUp', () => {
  let clock: HandClock;
  let lists: HandServer;
  let threads: HandServer;
  let catchUp: CatchUp;

  beforeEach(() => {
    clock = new HandClock();
    lists = new HandServer();
    threads = new HandServer();
    catchUp = new CatchUp({
      syncList: (view) => lists.ask(view.done ? 'done' : 'mine'),
      syncThread: threads.ask,
      schedule: clock.schedule,
    });
    catchUp.watchList(MINE);
  });

  const status = () => catchUp.status.get();

  it('is up to date only when connected and answered', async () => {
    expect(status()).toBe('catching_up');
    expect(lists.asked).toEqual([]);
    catchUp.connected();
    expect(status()).toBe('catching_up');
    expect(lists.asked).toEqual(['mine']);
    await lists.answer();
    expect(status()).toBe('up_to_date');
  });

  it('wants an answer for the thread on screen as well', async () => {
    catchUp.connected();
    await lists.answer();
    catchUp.watchThread('c1');
    expect(status()).toBe('catching_up');
    expect(threads.asked).toEqual(['c1']);
    await threads.answer();
    expect(status()).toBe('up_to_date');
    catchUp.watchThread(null);
    expect(status()).toBe('up_to_date');
  });

  it('is not up to date on an answer to an earlier connection', async () => {
    catchUp.connected();
    catchUp.disconnected();
    catchUp.connected();
    await lists.answer();
    expect(status()).toBe('catching_up');
    await lists.answer();
    expect(status()).toBe('up_to_date');
  });

  it('is not up to date on an answer for another view', async () => {
    catchUp.connected();
    catchUp.watchList(DONE);
    await lists.answer();
    expect(status()).toBe('catching_up');
    expect(lists.asked).toEqual(['mine', 'done']);
    await lists.answer();
    expect(status()).toBe('up_to_date');
  });

  it('asks nothing twice for the same view', () => {
    catchUp.connected();
    catchUp.watchList({ kind: 'mine' });
    expect(lists.asked).toEqual(['mine']);
  });

  it('asks every 25 seconds', async () => {
    catchUp.connected();
    catchUp.watchThread('c1');
    await lists.answer();
    await threads.answer();
    await clock.pass(TIMING.catchUpEvery);
    expect(lists.asked).toHaveLength(2);
    expect(threads.asked).toHaveLength(2);
    expect(status()).toBe('up_to_date');
    await lists.answer();
    await threads.answer();
    await clock.pass(TIMING.catchUpEvery);
    expect(lists.asked).toHaveLength(3);
  });

  it('stops saying so when a repeated catch-up goes unanswered, and asks again soon', async () => {
    catchUp.connected();
    await lists.answer();
    await clock.pass(TIMING.catchUpEvery);
    await lists.fail();
    expect(status()).toBe('catching_up');
    await clock.pass(3_000);
    expect(lists.asked).toHaveLength(3);
    await lists.answer();
    expect(status()).toBe('up_to_date');
  });

  it('asks nothing while the server wants it to wait, and once after that', async () => {
    catchUp.connected();
    catchUp.tellList();
    await lists.fail(new ApiFailure(429, { code: 'RATE_LIMITED', message: 'Wait.' }, 40_000));
    catchUp.tellList();
    catchUp.listLoaded();
    await clock.pass(39_999);
    expect(lists.asked).toHaveLength(1);
    await clock.pass(1);
    expect(lists.asked).toHaveLength(2);
    await lists.answer();
    expect(status()).toBe('up_to_date');
  });

  it('asks once for many events', async () => {
    catchUp.connected();
    await lists.answer();
    for (let n = 0; n < 5; n += 1) catchUp.tellList();
    await clock.pass(1_000);
    expect(lists.asked).toHaveLength(2);
  });

  it('asks once more when told during a request', async () => {
    catchUp.connected();
    catchUp.watchThread('c1');
    catchUp.tellThread();
    catchUp.tellThread();
    expect(threads.asked).toHaveLength(1);
    await threads.answer();
    expect(threads.asked).toHaveLength(2);
  });

  it('waits for what is not loaded, and asks as soon as it is', async () => {
    catchUp.connected();
    await lists.answer(false);
    expect(status()).toBe('catching_up');
    catchUp.listLoaded();
    expect(lists.asked).toHaveLength(2);
    await lists.answer();
    expect(status()).toBe('up_to_date');
    catchUp.listLoaded();
    expect(lists.asked).toHaveLength(2);
  });

  it('begins anew when everything was thrown away', async () => {
    catchUp.connected();
    catchUp.watchThread('c1');
    await lists.answer();
    await threads.answer();
    expect(status()).toBe('up_to_date');
    catchUp.restart();
    expect(status()).toBe('catching_up');
    await lists.answer(false);
    await threads.answer(false);
    catchUp.listLoaded();
    catchUp.threadLoaded();
    await lists.answer();
    await threads.answer();
    expect(status()).toBe('up_to_date');
  });

  it('calls itself offline when the connection stays away, not for a renewed token', async () => {
    catchUp.connected();
    await lists.answer();
    catchUp.disconnected();
    expect(status()).toBe('catching_up');
    await clock.pass(1_000);
    expect(status()).toBe('catching_up');
    await clock.pass(1_500);
    expect(status()).toBe('offline');
    catchUp.connected();
    expect(status()).toBe('catching_up');
  });

  it('does not start over with every failed attempt to connect', async () => {
    catchUp.connected();
    catchUp.disconnected();
    await clock.pass(1_500);
    catchUp.disconnected();
    await clock.pass(600);
    expect(status()).toBe('offline');
    catchUp.connected();
    catchUp.disconnected();
    expect(status()).toBe('catching_up');
    await clock.pass(2_100);
    expect(status()).toBe('offline');
  });

  it('believes the browser that there is no network', () => {
    catchUp.connected();
    catchUp.disconnected(true);
    expect(status()).toBe('offline');
  });

  it('asks nothing while disconnected or stopped', async () => {
    catchUp.connected();
    await lists.answer();
    catchUp.disconnected();
    catchUp.tellList();
    catchUp.tellThread();
    await clock.pass(2 * TIMING.catchUpEvery);
    expect(lists.asked).toHaveLength(1);
    catchUp.connected();
    catchUp.stop();
    await clock.pass(2 * TIMING.catchUpEvery);
    expect(lists.asked).toHaveLength(2);
  });
});
