import { processorTime } from '../lib/cpu.js';
import { fillConversations } from '../lib/conversations.js';
import { compare } from '../lib/load.js';
import { withStores } from '../lib/store-process.js';
import type { BenchCase } from '../lib/types.js';

const bench: BenchCase = {
  title: 'the embedded store: a document by its _id, beside a ping, 50 callers',
  run: () =>
    withStores(async (start, load) => {
      const { uri, pid } = await start();
      await fillConversations(uri, 1_000);
      const arm = { uri, callers: 50 } as const;
      const [bare, barePing] = await compare(
        load,
        { ...arm, operation: 'bareFindOne' },
        { ...arm, operation: 'barePing' },
      );
      const [found, ping] = await compare(load, { ...arm, operation: 'findOne' }, { ...arm, operation: 'ping' });
      const before = processorTime(pid);
      const alone = await load.run({ ...arm, operation: 'findOne', milliseconds: 3_000 });
      const used = (processorTime(pid) - before) * 1_000;
      return [
        {
          label: 'found, by prepared frames',
          unit: '/s',
          value: bare.perSecond,
          baseline: barePing.perSecond,
          budget: { atLeast: 0.7 },
        },
        { label: 'found, by the driver', unit: '/s', value: found.perSecond, baseline: ping.perSecond },
        {
          label: "the store's processor time for one",
          unit: 'µs',
          value: used / (alone.perSecond * 3),
          baseline: null,
        },
      ];
    }),
};

export default bench;
