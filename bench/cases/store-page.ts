import { fillConversations } from '../lib/conversations.js';
import { compare } from '../lib/load.js';
import { withStores } from '../lib/store-process.js';
import type { BenchCase, Measurement } from '../lib/types.js';

const SMALL = 10_000;
const LARGE = 200_000;

const bench: BenchCase = {
  title: `the embedded store: a page of an inbox among ${LARGE} conversations, beside the same among ${SMALL}`,
  run: () =>
    withStores(async (start, load) => {
      const [small, large] = [await start(), await start()];
      await fillConversations(small.uri, SMALL);
      await fillConversations(large.uri, LARGE);
      const measure = async (callers: number): Promise<Measurement> => {
        const arm = { callers, operation: 'inboxPage' } as const;
        const [many, few] = await compare(load, { ...arm, uri: large.uri }, { ...arm, uri: small.uri });
        return {
          label: `page of an inbox, ${callers} at a time, p50`,
          unit: 'ms',
          value: many.p50,
          baseline: few.p50,
          budget: { atMost: 1.3 },
        };
      };
      return [await measure(1), await measure(10)];
    }),
};

export default bench;
