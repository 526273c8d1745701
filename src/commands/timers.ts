import { TimerModel } from '../models/index.js';
import type { Act } from './act.js';

/** What is due within this time is hinted at once; the sweep hints what is due later when it comes this near. Milliseconds. */
export const HINTED_WITHIN = 10_000;

/** The key of a timer: there is one of a kind for each subject. */
export const timerId = (kind: string, subject: string): string => `${kind}:${subject}`;

/**
 * "Look again at this then": set in the act that makes it necessary; setting it again moves it (PROTOCOLS 13).
 * @param kind the timer's file, `workers/timers/<kind>.timer.ts`.
 */
export async function setTimer(act: Act, kind: string, subject: string, dueAt: Date): Promise<void> {
  const _id = timerId(kind, subject);
  const wait = dueAt.getTime() - act.now.getTime();
  const isSoon = wait <= HINTED_WITHIN;
  await TimerModel.updateOne(
    { _id },
    { $set: { kind, subject, dueAt, hintedFor: isSoon ? dueAt : null, tries: 0, error: null } },
    { session: act.session, upsert: true },
  );
  if (isSoon) act.afterwards(() => act.hub.hints.timer(_id, Math.max(wait, 0)));
}

/** It is no longer necessary. */
export async function clearTimer(act: Act, kind: string, subject: string): Promise<void> {
  await TimerModel.deleteOne({ _id: timerId(kind, subject) }, { session: act.session });
}
