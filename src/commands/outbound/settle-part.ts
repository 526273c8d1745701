import { MessageModel, type Inbox, type Message, type MessagePart } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { withDeadline } from '../../utils/deadline.js';
import type { Hub } from '../../hub.js';
import { attemptPart } from './attempt-part.js';
import {
  adapterOf,
  attachmentOf,
  CALL_DEADLINE,
  channelContext,
  EARLY_LOOKS,
  outboundPart,
  recipientOf,
  SETTLE_AFTER,
} from './part-call.js';
import { partAccepted, partUnconfirmed } from './part-outcome.js';

/** Look-ups of one attempt, since "not there" counts, before nobody can tell. */
const MAX_LOOKUPS = 4;
/** How far our clock may be ahead of the platform's before a look-up misses what was sent. Milliseconds. */
const CLOCK_MARGIN = 10_000;
/** Calls of unknown outcome made for one part before nobody can tell. */
const MAX_ATTEMPTS = 6;

/**
 * Settles a part that was being sent when we lost sight of it, by asking the platform (PROTOCOLS 8). Found: recorded, at any time.
 * Absent: sent again, but only 30 s after its start, because the platform may be late to show it. Unknown: asked again a few times,
 * then unconfirmed.
 */
export async function settlePart(hub: Hub, inbox: Inbox, message: Message, part: MessagePart): Promise<void> {
  const startedAt = part.startedAt?.getTime() ?? 0;
  const isEarly = hub.now() < startedAt + SETTLE_AFTER;
  const contactId = await recipientOf(message);
  const found = contactId === null ? 'unknown' : await find(hub, inbox, message, part, contactId);
  if (contactId !== null && typeof found === 'object') {
    const acceptedAt = new Date(found.at);
    return partAccepted(hub, inbox, message, { n: part.n, externalId: found.externalId, acceptedAt, contactId });
  }
  if (isEarly) {
    const wait = EARLY_LOOKS.find((after) => startedAt + after > hub.now()) ?? SETTLE_AFTER;
    return lookAgainAt(message, part, new Date(startedAt + wait), part.lookups);
  }
  if (found === 'absent') {
    return part.attempts < MAX_ATTEMPTS ? attemptPart(hub, inbox, message, part) : partUnconfirmed(hub, message, part);
  }
  const lookups = part.lookups + 1;
  if (lookups >= MAX_LOOKUPS) return partUnconfirmed(hub, message, part);
  await lookAgainAt(message, part, new Date(hub.now() + SETTLE_AFTER * 2 ** (lookups - 1)), lookups);
}

async function find(hub: Hub, inbox: Inbox, message: Message, part: MessagePart, recipientId: string) {
  const adapter = adapterOf(hub, inbox);
  if (adapter.find === undefined) return 'unknown';
  const attachment = await attachmentOf(inbox, part, hub.now());
  const policy = part.policy ?? 'response';
  const call = await outboundPart(hub, message, part, { recipientId, policy, attachment });
  const since = (part.startedAt?.getTime() ?? 0) - CLOCK_MARGIN;
  const knownIds = (ids: string[]) => idsOfOthers(inbox, ids);
  try {
    const context = channelContext(hub, inbox, AbortSignal.timeout(CALL_DEADLINE));
    return await withDeadline(adapter.find(call, since, knownIds, context), CALL_DEADLINE + 500);
  } catch (error) {
    hub.logger.warn('outbound', 'an unknown outcome could not be looked up', { message: String(message._id), error });
    return 'unknown';
  }
}

/** Which of these ids are on messages already; an imported copy that may be ours does not count. */
async function idsOfOthers(inbox: Inbox, ids: string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const others = await onStore(
    MessageModel.find({ inbox: inbox._id, externalIds: { $in: ids }, maybeOurs: { $ne: true } }, 'externalIds')
      .lean()
      .exec(),
  );
  return new Set(others.flatMap(({ externalIds }) => externalIds ?? []));
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
