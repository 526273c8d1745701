import { crashPoint } from '../../utils/crash-points.js';
import { withDeadline } from '../../utils/deadline.js';
import { channelContext } from '../inboxes/channel-context.js';
import { asChannelError, CALL_DEADLINE, outboundPart, type Outcome } from './attempt.js';
import type { Started } from './start-part.js';

/**
 * Makes the platform call of a part that is `sending`, within its deadline.
 * @returns null: too late to be made.
 */
export async function callPart({ attempt, sentTo }: Started): Promise<Outcome | null> {
  const { hub, inbox, channel, part } = attempt;
  const startedAt = part.startedAt?.getTime() ?? 0;
  const timeLeft = (): number => startedAt + CALL_DEADLINE - hub.now();
  crashPoint('beforeSend');
  const left = timeLeft();
  if (left <= 0 || channel.send === undefined) return null;
  try {
    const context = channelContext(hub, inbox, AbortSignal.timeout(left), () => timeLeft() > 0);
    const sending = channel.send(outboundPart(attempt, sentTo), context);
    const { externalId, holdUntil } = await withDeadline(sending, left + 500);
    crashPoint('afterSend');
    const held = holdUntil === undefined ? {} : { holdUntil };
    return { kind: 'accepted', externalId, acceptedAt: new Date(startedAt), sentTo, ...held };
  } catch (error) {
    return { kind: 'failed', fault: asChannelError(error) };
  }
}
