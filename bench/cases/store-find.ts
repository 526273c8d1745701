import { processorTime } from '../lib/cpu.js';
import { fillConversations } from '../lib/conversations.js';
import { compare } from '../lib/load.js';
import type { OperationName } from '../lib/store-operations.js';
import { withStores } from '../lib/store-process.js';
import type { BenchCase } from '../lib/types.js';

const bench: BenchCase = {
  title: 'the embedded store: a document by its _id, beside a ping, 50 callers',
  run: () =>
    withStores(async (start, load) => {
      const { uri, pid } = await start();
      await fillConversations(uri, 1_000);
      const arm = { uri, callers: 50 } as const;
      const beside = async (operation: OperationName, ping: OperationName): Promise<[number, number]> => {
        const [found, pinged] = await compare(load, { ...arm, operation }, { ...arm, operation: ping });
        return [found.perSecond, pinged.perSecond];
      };
      const [command, ping] = await beside('findCommand', 'ping');
      const [findOne, pingAgain] = await beside('findOne', 'ping');
      const [bare, barePing] = await beside('bareFindOne', 'barePing');
      const before = processorTime(pid);
      const alone = await load.run({ ...arm, operation: 'findOne', milliseconds: 3_000 });
      const used = (processorTime(pid) - before) * 1_000;
      return [
        {
          label: "found, by the driver's command()",
          unit: '/s',
          value: command,
          baseline: ping,
          budget: { atLeast: 0.7 },
        },
        { label: "found, by the driver's findOne()", unit: '/s', value: findOne, baseline: pingAgain },
        { label: 'found, by prepared frames', unit: '/s', value: bare, baseline: barePing },
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
