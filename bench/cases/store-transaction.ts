import { fillConversations } from '../lib/conversations.js';
import { compare } from '../lib/load.js';
import { withStores } from '../lib/store-process.js';
import type { BenchCase, Measurement } from '../lib/types.js';

const bench: BenchCase = {
  title: 'the embedded store: a transaction of three creates, beside three creates; an answer, beside one create',
  run: () =>
    withStores(async (start, load) => {
      const { uri } = await start();
      await fillConversations(uri, 1_000);
      const three = async (callers: number, atMost: number): Promise<Measurement> => {
        const arm = { uri, callers };
        const [inOne, apart] = await compare(
          load,
          { ...arm, operation: 'transactionOfThree' },
          { ...arm, operation: 'threeCreates' },
        );
        return {
          label: `transaction of three, ${callers} at a time, p50`,
          unit: 'ms',
          value: inOne.p50,
          baseline: apart.p50,
          budget: { atMost },
        };
      };
      const answer = async (callers: number): Promise<Measurement> => {
        const arm = { uri, callers };
        const [whole, one] = await compare(load, { ...arm, operation: 'answer' }, { ...arm, operation: 'create' });
        return { label: `answer, ${callers} at a time, p50`, unit: 'ms', value: whole.p50, baseline: one.p50 };
      };
      return [await three(1, 1.2), await three(50, 1.5), await answer(1), await answer(4)];
    }),
};

export default bench;
