import { startStack } from '../../../embedded/launcher/stack.js';
import { fakeEntries } from './support.js';

/** A launcher in a process of its own, for killing it: prints the processes it started. */
const [dataDir = ''] = process.argv.slice(2);
const stack = await startStack({ dataDir, entries: fakeEntries });
const pids = Object.fromEntries(stack.names().map((name) => [name, stack.pid(name)]));
process.stdout.write(`${JSON.stringify(pids)}\n`);
