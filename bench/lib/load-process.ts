import { MongoClient } from 'mongodb';
import type { LoadRequest, LoadResult } from './load.js';
import { percentile } from './percentile.js';
import { OPERATIONS } from './store-operations.js';

/** Plays the clients of a store with the plain driver; told what to do by its parent. */
const clients = new Map<string, Promise<MongoClient>>();

function clientOf(uri: string): Promise<MongoClient> {
  const known = clients.get(uri) ?? MongoClient.connect(uri, { w: 'majority', journal: true, maxPoolSize: 50 });
  clients.set(uri, known);
  return known;
}

async function run({ uri, operation, callers, milliseconds }: LoadRequest): Promise<LoadResult> {
  const client = await clientOf(uri);
  const perform = OPERATIONS[operation](client);
  const times: number[] = [];
  const begun = performance.now();
  const call = async (): Promise<void> => {
    for (let from = performance.now(); from - begun < milliseconds;) {
      await perform();
      const now = performance.now();
      times.push(now - from);
      from = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const seconds = (performance.now() - begun) / 1_000;
  return { perSecond: times.length / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

process.on('message', (request: LoadRequest) => {
  void run(request)
    .catch((error: unknown) => ({ error: String(error) }))
    .then((answer) => process.send?.(answer));
});
process.send?.('ready');
