import mongoose from 'mongoose';
import { ConversationModel, TalliedModel, TallyModel, type Conversation, type Tally } from '../../models/index.js';
import type { Act } from '../act.js';

type Counted = Pick<Conversation, '_id' | 'inbox' | 'team' | 'assignee' | 'status'>;

/** The fields that decide where a conversation is counted. */
export const COUNTED = 'inbox team assignee status';

/** The bucket in which a conversation is counted: `<inbox>:<team>:<holder>:<status>`. */
export const bucketOf = ({ inbox, team, assignee, status }: Omit<Counted, '_id'>): string =>
  [inbox, team ?? '', assignee ?? '', status].map(String).join(':');

/** What a bucket's key says. */
function partsOf(bucket: string): Omit<Tally, '_id' | 'count'> {
  const [inbox = '', team = '', holder = '', status = ''] = bucket.split(':');
  const id = (text: string) => (text === '' ? null : new mongoose.Types.ObjectId(text));
  return {
    inbox: new mongoose.Types.ObjectId(inbox),
    team: id(team),
    holder: id(holder),
    status: status as Tally['status'],
  };
}

/**
 * Counts conversations where they stand now instead of where they were counted before, with one `$inc` per bucket. Only the drainer
 * calls it, one at a time: what happened is a nudge to look, so doing it twice changes nothing (PROTOCOLS 15).
 * @param ids of conversations; one that is gone is counted nowhere.
 */
export async function tally(act: Act, ids: readonly string[]): Promise<void> {
  const { session } = act;
  const which = { _id: { $in: [...new Set(ids)].map((id) => new mongoose.Types.ObjectId(id)) } };
  const standing = await ConversationModel.find(which, COUNTED, { session }).lean<Counted[]>();
  const counted = await TalliedModel.find(which, null, { session }).lean();
  const now = new Map(standing.map((conversation) => [String(conversation._id), bucketOf(conversation)]));
  const before = new Map(counted.map(({ _id, bucket }) => [String(_id), bucket]));

  const differences = new Map<string, number>();
  const moved = [...new Set([...now.keys(), ...before.keys()])].filter((id) => now.get(id) !== before.get(id));
  for (const id of moved) {
    const [from, to] = [before.get(id), now.get(id)];
    if (from !== undefined) differences.set(from, (differences.get(from) ?? 0) - 1);
    if (to !== undefined) differences.set(to, (differences.get(to) ?? 0) + 1);
  }
  const changes = [...differences].filter(([, difference]) => difference !== 0);
  if (changes.length > 0) {
    await TallyModel.bulkWrite(
      changes.map(([bucket, count]) => ({
        updateOne: {
          filter: { _id: bucket },
          update: { $inc: { count }, $setOnInsert: partsOf(bucket) },
          upsert: true,
        },
      })),
      { session, ordered: true },
    );
  }
  if (moved.length > 0) {
    await TalliedModel.bulkWrite(
      moved.map((id) => {
        const filter = { _id: new mongoose.Types.ObjectId(id) };
        const bucket = now.get(id);
        return bucket === undefined
          ? { deleteOne: { filter } }
          : { updateOne: { filter, update: { $set: { bucket } }, upsert: true } };
      }),
      { session, ordered: true },
    );
  }
}
