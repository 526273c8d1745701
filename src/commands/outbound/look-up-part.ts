import { MessageModel, type Inbox } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { withDeadline } from '../../utils/deadline.js';
import { channelContext } from '../inboxes/channel-context.js';
import { CALL_DEADLINE, EARLY_LOOKS, outboundPart, type Attempt, type Outcome } from './attempt.js';

/** From when on "not there" counts: until then the platform may only be late to show it. Milliseconds after `startedAt`. */
const SETTLE_AFTER = 30_000;
/** Look-ups of one attempt, since "not there" counts, before nobody can tell. */
const MAX_LOOKUPS = 4;
/** How far our clock may be ahead of the platform's before a look-up misses what was sent. Milliseconds. */
const CLOCK_MARGIN = 10_000;
/** Calls of unknown outcome made for one part before nobody can tell. */
const MAX_ATTEMPTS = 6;

/**
 * Asks the platform for a part that was being sent when we lost sight of it (PROTOCOLS 8). Found counts at any time; absent only 30 s
 * after its start, because the platform may be late to show it; unknown is asked again a few times, then it is unconfirmed.
 */
export async function lookUpPart(attempt: Attempt): Promise<Outcome | 'absent'> {
  const { hub, part, identity } = attempt;
  const startedAt = part.startedAt?.getTime() ?? 0;
  const isEarly = hub.now() < startedAt + SETTLE_AFTER;
  const found = identity === null ? 'unknown' : await find(attempt, identity.externalId, startedAt - CLOCK_MARGIN);
  if (typeof found === 'object') return found;
  if (isEarly) {
    const wait = EARLY_LOOKS.find((after) => startedAt + after > hub.now()) ?? SETTLE_AFTER;
    return { kind: 'unclear', lookAgainAt: new Date(startedAt + wait), lookups: part.lookups };
  }
  if (found === 'absent') return part.attempts < MAX_ATTEMPTS ? 'absent' : { kind: 'unconfirmed' };
  const lookups = part.lookups + 1;
  if (lookups >= MAX_LOOKUPS) return { kind: 'unconfirmed' };
  return { kind: 'unclear', lookAgainAt: new Date(hub.now() + SETTLE_AFTER * 2 ** (lookups - 1)), lookups };
}

async function find(attempt: Attempt, sentTo: string, since: number): Promise<Outcome | 'absent' | 'unknown'> {
  const { hub, message, inbox, channel } = attempt;
  if (channel.find === undefined) return 'unknown';
  const knownIds = (ids: string[]) => idsOfOthers(inbox, ids);
  try {
    const context = channelContext(hub, inbox, AbortSignal.timeout(CALL_DEADLINE));
    const looking = channel.find(outboundPart(attempt, sentTo), since, knownIds, context);
    const found = await withDeadline(looking, CALL_DEADLINE + 500);
    if (typeof found === 'string') return found;
    return { kind: 'accepted', externalId: found.externalId, acceptedAt: new Date(found.at), sentTo };
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
