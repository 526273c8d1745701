import { fork } from 'node:child_process';
import { once } from 'node:events';
import { built } from './built.js';
import { percentile } from './percentile.js';
import type { OperationName } from './store-operations.js';

/** What the load process is asked to do: one operation again and again, from so many callers at once. */
export interface LoadRequest {
  uri: string;
  operation: OperationName;
  callers: number;
  milliseconds: number;
}

/** What came of it. Times in milliseconds. */
export interface LoadResult {
  perSecond: number;
  p50: number;
  p99: number;
}

/** A process that plays the clients, so that their cost is not the server's. */
export interface Load {
  run(request: LoadRequest): Promise<LoadResult>;
  stop(): void;
}

/** Starts the load process. */
export async function startLoad(): Promise<Load> {
  const child = fork(await built('load-process.ts'), { execArgv: [] });
  await once(child, 'message');
  return {
    run: async (request) => {
      child.send(request);
      const [answer] = (await once(child, 'message')) as [LoadResult | { error: string }];
      if ('error' in answer) throw new Error(`The load "${request.operation}" failed: ${answer.error}`);
      return answer;
    },
    stop: () => void child.kill(),
  };
}

/** Rounds of each arm, and how long one lasts; short, so that both meet the same disturbances. */
const ROUNDS = 9;
const ROUND_MS = 700;
const WARM_UP_MS = 1_500;

/** One side of a comparison. */
export type Arm = Omit<LoadRequest, 'milliseconds'>;

const median = (results: readonly LoadResult[], of: keyof LoadResult): number =>
  percentile(
    results.map((result) => result[of]),
    0.5,
  );

/** Runs two arms by turns, after a warm-up of each, and gives the medians over the rounds. */
export async function compare(load: Load, first: Arm, second: Arm): Promise<[LoadResult, LoadResult]> {
  const results: [LoadResult[], LoadResult[]] = [[], []];
  for (const arm of [first, second]) await load.run({ ...arm, milliseconds: WARM_UP_MS });
  for (let round = 0; round < ROUNDS; round += 1) {
    // Whoever comes second meets a warmer machine: they take turns.
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const at of order) results[at].push(await load.run({ ...[first, second][at]!, milliseconds: ROUND_MS }));
  }
  const summary = (of: readonly LoadResult[]): LoadResult => ({
    perSecond: median(of, 'perSecond'),
    p50: median(of, 'p50'),
    p99: median(of, 'p99'),
  });
  return [summary(results[0]), summary(results[1])];
}
