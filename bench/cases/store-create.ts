import { compare } from '../lib/load.js';
import { withStores } from '../lib/store-process.js';
import type { BenchCase, Measurement } from '../lib/types.js';

const bench: BenchCase = {
  title:
    'the embedded store: documents created, acknowledged when they are on disk, beside the same without waiting for it',
  run: () =>
    withStores(async (start, load) => {
      const [durable, careless] = [await start(), await start({ flush: false })];
      const measure = async (callers: number): Promise<Measurement> => {
        const arm = { callers, operation: 'create' } as const;
        const [kept, bare] = await compare(load, { ...arm, uri: durable.uri }, { ...arm, uri: careless.uri });
        return {
          label: `documents created, ${callers} at a time`,
          unit: '/s',
          value: kept.perSecond,
          baseline: bare.perSecond,
          ...(callers > 1 ? { budget: { atLeast: 0.9 } } : {}),
        };
      };
      return [await measure(50), await measure(1)];
    }),
};

export default bench;
