import { routeForgotten } from '../src/commands/inbound/unroutable.js';
import type { Hub } from '../src/commands/hub.js';
import { sweepUploads, SWEPT_AT_ONCE } from '../src/commands/sweep-uploads.js';
import { MessageModel, OutboxRowModel, WebhookEventModel } from '../src/models/index.js';
import { dropDeadLanes, takeLease } from '../src/storage/lanes.js';

/** How often the sweep runs, how long one process keeps it, and what counts as overdue (PROTOCOLS 2). Milliseconds. */
const EVERY = 5_000;
const LEASE = 8_000;
const OVERDUE = 5_000;
const MOST = 500;
/** Every how many sweeps accounts connected by now are looked for. */
const FORGOTTEN_EVERY = 6;
/** How often forgotten uploads are looked for. Milliseconds. */
const UPLOADS_EVERY = 60 * 60 * 1000;
/** Most runs of that, one after the other; what is left waits for the next hour. */
const UPLOAD_RUNS = 50;

/** Finds stored work that no queue knows of and hints at it again. @returns how many hints were given. */
export async function sweepOnce(hub: Hub): Promise<number> {
  const overdue = { $lte: new Date(hub.now() - OVERDUE) };
  const events = await WebhookEventModel.find({ dueAt: overdue }, 'lane').sort({ dueAt: 1 }).limit(MOST).lean();
  const lanes = new Set(events.map((event) => event.lane));
  for (const lane of lanes) hub.hints.inbound(lane);

  const messages = await MessageModel.find({ nextAttemptAt: overdue }, 'conversation')
    .sort({ nextAttemptAt: 1 })
    .limit(MOST)
    .lean();
  const conversations = new Set(messages.map((message) => String(message.conversation)));
  for (const conversation of conversations) hub.hints.outbound(conversation);

  let consumers = 0;
  for (const { name } of hub.consumers) {
    const row = await OutboxRowModel.findOne({ consumer: name, dueAt: overdue }, '_id').lean();
    if (row === null) continue;
    hub.hints.consumer(name);
    consumers += 1;
  }
  await dropDeadLanes();
  return lanes.size + conversations.size + consumers;
}

/** Sweeps every 5 s while this process has the lease. A plain timer: it must not depend on Redis. */
export function startSweep(hub: Hub): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const uploads = startUploadSweep(hub);
  let stopped = false;
  let round = 0;
  const tick = async (): Promise<void> => {
    try {
      if (!(await takeLease('sweep', LEASE))) return;
      const found = await sweepOnce(hub);
      if (round % FORGOTTEN_EVERY === 0) await routeForgotten(hub);
      round += 1;
      if (found > 0) hub.logger.info('sweep', 'found work that no queue knew of', { found });
    } catch (error) {
      hub.logger.warn('sweep', 'could not look for forgotten work; trying again', { error });
    }
  };
  const timer = setInterval(() => {
    if (!stopped) running = running.then(tick);
  }, EVERY);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.all([running, uploads.stop()]);
    },
  };
}

/** Deletes forgotten uploads every hour in one process. Apart from the sweep, which must not wait for the blob store. */
function startUploadSweep(hub: Hub): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const tick = async (): Promise<void> => {
    try {
      if (!(await takeLease('sweep-uploads', UPLOADS_EVERY))) return;
      for (let run = 0; run < UPLOAD_RUNS; run += 1)
        if ((await sweepUploads(hub, stopping.signal)) < SWEPT_AT_ONCE) break;
    } catch (error) {
      hub.logger.warn('sweep', 'could not look for forgotten uploads; trying again', { error });
    }
  };
  let running = tick();
  const timer = setInterval(() => void (running = running.then(tick)), UPLOADS_EVERY);
  return {
    stop: async () => {
      stopping.abort();
      clearInterval(timer);
      await running;
    },
  };
}
