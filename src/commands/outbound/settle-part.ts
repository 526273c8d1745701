import { MessageModel, type Inbox, type Message, type MessagePart } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { withDeadline } from '../../utils/deadline.js';
import type { Hub } from '../hub.js';
import { attemptPart } from './attempt-part.js';
import { adapterOf, attachmentOf, CALL_DEADLINE, channelContext, outboundPart, SETTLE_AFTER } from './part-call.js';
import { partAccepted, partUnconfirmed } from './part-outcome.js';

/** Look-ups of one attempt before nobody can tell. */
const MAX_LOOKUPS = 4;
/** How far our clock may be ahead of the platform's before a look-up misses what was sent. Milliseconds. */
const CLOCK_MARGIN = 10_000;
/** Calls of unknown outcome made for one part before nobody can tell. */
const MAX_ATTEMPTS = 6;

/**
 * Settles a part that was being sent when we lost sight of it (PROTOCOLS 8): not before 30 s after its start, because the echo may
 * still tell; then by asking the platform. Found: recorded. Absent: sent again. Unknown: asked again a few times, then unconfirmed.
 */
export async function settlePart(hub: Hub, inbox: Inbox, message: Message, part: MessagePart): Promise<void> {
  const startedAt = part.startedAt?.getTime() ?? 0;
  const dueAt = startedAt + SETTLE_AFTER;
  if (hub.now() < dueAt) return lookAgainAt(message, part, new Date(dueAt), part.lookups);

  const found = await find(hub, inbox, message, part, startedAt);
  if (found === 'absent') {
    return part.attempts < MAX_ATTEMPTS ? attemptPart(hub, inbox, message, part) : partUnconfirmed(hub, message, part);
  }
  if (found !== 'unknown') return partAccepted(hub, message, part.n, found.externalId, new Date(found.at));
  const lookups = part.lookups + 1;
  if (lookups >= MAX_LOOKUPS) return partUnconfirmed(hub, message, part);
  await lookAgainAt(message, part, new Date(hub.now() + SETTLE_AFTER * 2 ** (lookups - 1)), lookups);
}

async function find(hub: Hub, inbox: Inbox, message: Message, part: MessagePart, startedAt: number) {
  const adapter = adapterOf(hub, inbox);
  if (adapter.find === undefined) return 'unknown';
  const attachment = await attachmentOf(inbox, part, hub.now());
  const call = await outboundPart(hub, inbox, message, part, {
    attemptId: part.attemptId ?? '',
    policy: part.policy ?? 'response',
    attachment,
  });
  const isKnown = async (id: string) => {
    const other = await onStore(
      MessageModel.findOne({ inbox: inbox._id, externalIds: id }, 'maybeOurs').lean<{ maybeOurs?: boolean }>().exec(),
    );
    return other !== null && other.maybeOurs !== true;
  };
  try {
    const context = channelContext(hub, inbox, AbortSignal.timeout(CALL_DEADLINE));
    return await withDeadline(adapter.find(call, startedAt - CLOCK_MARGIN, isKnown, context), CALL_DEADLINE + 500);
  } catch (error) {
    hub.logger.warn('outbound', 'an unknown outcome could not be looked up', { message: String(message._id), error });
    return 'unknown';
  }
}

async function lookAgainAt(message: Message, part: MessagePart, at: Date, lookups: number): Promise<void> {
  await onStore(
    MessageModel.updateOne(
      { _id: message._id, parts: { $elemMatch: { n: part.n, attemptId: part.attemptId ?? null, state: 'sending' } } },
      { $set: { nextAttemptAt: at, 'parts.$[p].lookups': lookups } },
      { arrayFilters: [{ 'p.n': part.n }] },
    ).exec(),
  );
}
