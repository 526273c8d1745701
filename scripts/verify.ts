import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { checkUp } from '../src/commands/upkeep/check-up.js';
import { createComponents } from '../src/components.js';

/** Work that was under way at a look is done long before. Seconds. */
const AGAIN_AFTER = '60';

/**
 * Says whether what the hub keeps beside its conversations (counts, loads) is what it should be, with the hub's own settings.
 * `--mend` puts right what can be counted anew; `--again-after` is how long it waits before it looks once more. Ends with 0 when nothing differs (any more), else with 1.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      mend: { type: 'boolean', default: false },
      'again-after': { type: 'string', default: AGAIN_AFTER },
    },
  });
  const seconds = Number(values['again-after']);
  if (!(seconds >= 0)) throw new Error('--again-after takes a number of seconds.');
  const { hub, shutdown } = await createComponents();
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  try {
    const isFine = await checkUp(hub, {
      mend: values.mend,
      say: (line) => console.log(line),
      settle: () => setTimeout(seconds * 1_000, undefined, { signal: stopping.signal }),
      stopping: stopping.signal,
    });
    return isFine ? 0 : 1;
  } finally {
    await shutdown.run();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`This could not be verified: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
