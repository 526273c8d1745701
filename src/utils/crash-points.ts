import { closeSync, openSync } from 'node:fs';

/** Every write boundary at which a kill test may end the process (DESIGN 12). */
export const CRASH_POINTS = [
  'beforeWebhookInsert',
  'afterWebhookInsert',
  'afterHint',
  'laneTaken',
  'beforeCommit',
  'afterCommit',
  'beforeLaneRelease',
  'afterLaneRelease',
  'afterSendStored',
  'beforeSending',
  'beforeSend',
  'afterSend',
  'afterSendRecorded',
  'beforeUpload',
  'afterUpload',
  'outboxClaimed',
  'consumerDone',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

let armed: { point: string; hitsLeft: number; marker: string } | null = null;

/**
 * Arms one point for this process. The marker file makes it happen once, however often the process is restarted.
 * @param spec `<point>:<hit>:<marker file>`
 * @throws Error for a point that does not exist.
 */
export function armCrashPoint(spec: string | undefined): void {
  if (spec === undefined) {
    armed = null;
    return;
  }
  const [point = '', hit = '1', ...marker] = spec.split(':');
  if (!(CRASH_POINTS as readonly string[]).includes(point)) throw new Error(`No crash point is called "${point}".`);
  armed = { point, hitsLeft: Number(hit), marker: marker.join(':') };
}

/** Ends the process with SIGKILL if this point is armed and due; otherwise does nothing. */
export function crashPoint(point: CrashPoint): void {
  if (armed === null || armed.point !== point) return;
  armed.hitsLeft -= 1;
  if (armed.hitsLeft > 0) return;
  try {
    closeSync(openSync(armed.marker, 'wx'));
  } catch {
    armed = null;
    return;
  }
  process.kill(process.pid, 'SIGKILL');
}
