import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { forgetEverything, post, sample, settled, startHubOnPlatform } from '../../support/messenger-hub.js';
import type { TestHub } from '../../support/start-hub.js';
import { comparable, viewOf, type View } from '../../support/thread-view.js';
import type { SampleCase } from './samples-messages.js';

jest.setTimeout(60_000);

/** When a sample's first event happened. */
function timeOf(name: string): number {
  interface Listed {
    timestamp: number;
  }
  const { entry } = JSON.parse(sample(name)) as { entry: { messaging?: Listed[]; standby?: Listed[] }[] };
  const [first] = entry[0]?.messaging ?? entry[0]?.standby ?? [];
  return first?.timestamp ?? 0;
}

const scenarioOf = (name: string, { with: companions = [] }: SampleCase): string[] =>
  [...companions, name].sort((a, b) => timeOf(a) - timeOf(b));

async function send(hub: TestHub, names: string[]): Promise<View> {
  for (const name of names) {
    expect(await post(hub.url, sample(name))).toBe(200);
    await settled();
  }
  return viewOf(hub.hub);
}

async function sendAtOnce(hub: TestHub, names: string[]): Promise<View> {
  const answers = await Promise.all(names.map((name) => post(hub.url, sample(name))));
  expect(new Set(answers)).toEqual(new Set([200]));
  await settled();
  return viewOf(hub.hub);
}

/** Threads in an order that does not depend on which began first. */
const sorted = (view: View): View => ({
  ...view,
  threads: view.threads.toSorted((a, b) => ((a.externalId ?? '') < (b.externalId ?? '') ? -1 : 1)),
});

function pageOf(name: string, view: View): View['inboxes'][number] | undefined {
  const { entry } = JSON.parse(sample(name)) as { entry: { id: string }[] };
  return view.inboxes.find((inbox) => inbox.key === entry[0]?.id);
}

export interface Samples {
  /** Sends samples one after the other. @returns what is there when nothing is owed any more. */
  send(names: string[]): Promise<View>;
  /** Sends samples all at once. */
  sendAtOnce(names: string[]): Promise<View>;
}

/** A hub with the Pages of the samples for the tests of one file; each begins with nothing in the store. */
export function useSamples(): Samples {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHubOnPlatform();
  });
  afterAll(() => hub?.stop());
  beforeEach(forgetEverything);
  return { send: (names) => send(hub, names), sendAtOnce: (names) => sendAtOnce(hub, names) };
}

/** Sends each sample with its companions in order, again, and in the opposite order: the thread is always the one of the table. */
export function checkSamples(samples: Samples, cases: Record<string, SampleCase>): void {
  describe.each(Object.entries(cases))('%s', (name, sampleCase) => {
    const scenario = scenarioOf(name, sampleCase);

    it('shows as what it is, once, in whatever order it comes', async () => {
      const view = await samples.send(scenario);
      expect(sorted(view)).toMatchObject({ threads: sampleCase.threads ?? [] });
      expect(pageOf(name, view)).toMatchObject(sampleCase.inbox ?? { hold: null, notices: {} });
      expect(view.events.filter(({ state }) => state !== 'done')).toEqual([]);

      const again = await samples.sendAtOnce([...scenario, ...scenario.toReversed()]);
      expect(JSON.stringify(again)).toBe(JSON.stringify(view));

      await forgetEverything();
      const backwards = await samples.send(scenario.toReversed());
      expect(comparable(sorted(backwards))).toEqual(comparable(sorted(view)));
    });
  });
}
