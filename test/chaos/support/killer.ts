import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CrashPoint } from '../../../src/utils/crash-points.js';
import type { UnderWay } from './database.js';
import type { Random } from './random.js';
import type { Rig } from './rig.js';
import type { Thread } from './load.js';
import { until } from '../../support/until.js';

/** What is killed at random. Redis comes back with its data wiped. */
export const KINDS = ['api', 'worker', 'store', 'redis'] as const;
export type Kind = (typeof KINDS)[number];

/** One kill, and what was under way when it came. */
export interface Kill extends UnderWay {
  what: string;
}

/** What must happen for a process to come by a crash point. */
type Trigger = 'write' | 'writeWithFile' | 'answer' | 'answerWithFile';

/** Every crash point in every process that comes by it. */
export const CRASHES: readonly { process: 'api' | 'worker'; point: CrashPoint; trigger: Trigger }[] = [
  { process: 'api', point: 'beforeWebhookInsert', trigger: 'write' },
  { process: 'api', point: 'afterWebhookInsert', trigger: 'write' },
  { process: 'api', point: 'afterHint', trigger: 'write' },
  { process: 'api', point: 'beforeCommit', trigger: 'answer' },
  { process: 'api', point: 'afterCommit', trigger: 'answer' },
  { process: 'api', point: 'afterSendStored', trigger: 'answer' },
  { process: 'worker', point: 'laneTaken', trigger: 'write' },
  { process: 'worker', point: 'beforeCommit', trigger: 'write' },
  { process: 'worker', point: 'afterCommit', trigger: 'write' },
  { process: 'worker', point: 'beforeLaneRelease', trigger: 'write' },
  { process: 'worker', point: 'afterLaneRelease', trigger: 'write' },
  { process: 'worker', point: 'beforeSending', trigger: 'answer' },
  { process: 'worker', point: 'beforeSend', trigger: 'answer' },
  { process: 'worker', point: 'afterSend', trigger: 'answer' },
  { process: 'worker', point: 'afterSendRecorded', trigger: 'answer' },
  { process: 'worker', point: 'beforeUpload', trigger: 'answerWithFile' },
  { process: 'worker', point: 'afterUpload', trigger: 'answerWithFile' },
  { process: 'worker', point: 'outboxClaimed', trigger: 'writeWithFile' },
  { process: 'worker', point: 'consumerDone', trigger: 'writeWithFile' },
];

/** A kill waits at most so long for a moment at which an event and a send are under way, and feeds so often. Milliseconds. */
const WITNESS_WITHIN = 10_000;
const FEED_EVERY = 1_000;
const HIT_WITHIN = 90_000;
/** A lane whose owner was killed is dark for a while; then another thread is tried. Milliseconds. */
const TRIGGER_AGAIN = 3_000;

const NOTHING: UnderWay = { events: 0, sends: 0 };

const look = (rig: Rig): Promise<UnderWay> => rig.database.underWay().catch(() => NOTHING);

/** Kills one process at a moment that the seed and the load decide, and waits for its successor. */
export async function killAtRandom(rig: Rig, kind: Kind, random: Random): Promise<Kill> {
  await pause(random.below(300));
  const seen = await untilMuchIsUnderWay(rig);
  if (kind === 'redis') await rig.stack.wipeRedis();
  else {
    await rig.stack.kill(kind);
    await rig.stack.ready(kind);
  }
  return { what: kind, ...seen };
}

/** Feeds Messenger threads until an event is stored and not applied while a send is under way. */
async function untilMuchIsUnderWay(rig: Rig): Promise<UnderWay> {
  const deadline = Date.now() + WITNESS_WITHIN;
  let nextFeed = Date.now() + FEED_EVERY;
  for (;;) {
    const seen = await look(rig);
    if ((seen.events > 0 && seen.sends > 0) || Date.now() > deadline) return seen;
    await pause(5);
    if (Date.now() < nextFeed) continue;
    nextFeed = Date.now() + FEED_EVERY;
    rig.load.answer(rig.load.nextPerson());
    rig.load.write(rig.load.nextPerson());
  }
}

/** Starts a process with an armed crash point and gives it work until it has died there; waits for its successor. */
export async function crashAt(rig: Rig, crash: (typeof CRASHES)[number], random: Random): Promise<Kill> {
  const { stack } = rig;
  const { process, point } = crash;
  const marker = join(rig.folder, `${process}-${point}`);
  const hit = 1 + random.below(2);
  await stack.restart(process, { env: { CRASH_AT: `${point}:${hit}:${marker}` } });
  const starts = stack.starts(process);
  let nextTrigger = 0;
  const died = (): boolean => {
    if (existsSync(marker)) return true;
    if (Date.now() < nextTrigger) return false;
    nextTrigger = Date.now() + TRIGGER_AGAIN;
    pull(rig, rig.load.nextPerson(), crash.trigger);
    return false;
  };
  await until(`${process} died at ${point}`, died, HIT_WITHIN, 10);
  const seen = await look(rig);
  await until(`${process} is started again`, () => stack.starts(process) > starts, HIT_WITHIN);
  await stack.ready(process);
  return { what: `${process} ${point}`, ...seen };
}

function pull({ load }: Rig, thread: Thread, trigger: Trigger): void {
  const file = trigger === 'writeWithFile' || trigger === 'answerWithFile';
  if (trigger === 'write' || trigger === 'writeWithFile') load.write(thread, { file });
  else load.answer(thread, { file });
}
