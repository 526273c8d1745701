import mongoose from 'mongoose';
import {
  AgentWorkModel,
  ConversationModel,
  MessageModel,
  TalliedModel,
  TallyModel,
  type Conversation,
} from '../../models/index.js';
import { countsAsLoad, fitsHolder, isActive } from '../../shared/conversation-status.js';
import { bucketOf } from '../conversations/tally.js';

/** Something kept that is not what it should be. */
export interface Difference {
  /** `<noun>:<id>` */
  subject: string;
  what: string;
  kept: unknown;
  /** Computed anew from what it is kept for. */
  truth: unknown;
}

const BATCH = 200;

/**
 * Computes anew what is kept beside the truth: the fields of a conversation that follow from its messages and its state, the load of
 * those who hold them, and the tallies. Reads batch by batch beside normal work, so what changes meanwhile may show as a difference:
 * one that is still there a minute later is real. Writes nothing.
 */
export async function* verify(): AsyncGenerator<Difference> {
  const load = new Map<string, number>();
  const buckets = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, by: number) => map.set(key, (map.get(key) ?? 0) + by);
  for await (const batch of conversations()) {
    const counted = await countedIn(batch);
    const messages = await messagesOf(batch);
    for (const conversation of batch) {
      const id = String(conversation._id);
      yield* ofState(conversation);
      yield* ofMessages(conversation, messages.get(id));
      const bucket = bucketOf(conversation);
      add(buckets, bucket, 1);
      const kept = counted.get(id) ?? null;
      if (kept !== bucket) yield { subject: `conversation:${id}`, what: 'where it is counted', kept, truth: bucket };
      if (conversation.charged) add(load, String(conversation.charged.user), conversation.charged.weight);
    }
  }
  yield* ofTallies(buckets);
  yield* ofLoad(load);
}

async function* conversations(): AsyncGenerator<Conversation[]> {
  let after = new mongoose.Types.ObjectId('000000000000000000000000');
  for (;;) {
    const batch = await ConversationModel.find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .lean<Conversation[]>();
    const last = batch.at(-1);
    if (last === undefined) return;
    yield batch;
    after = last._id;
  }
}

function* ofState(conversation: Conversation): Generator<Difference> {
  const { _id, status, assignee, active, charged, current } = conversation;
  const subject = `conversation:${String(_id)}`;
  const held = Boolean(assignee);
  const fitting = held ? 'one that somebody holds' : 'one that nobody holds';
  if (!fitsHolder(status, held)) yield { subject, what: 'status', kept: status, truth: fitting };
  if (active !== isActive(status)) yield { subject, what: 'active', kept: active, truth: isActive(status) };
  if (current && status === 'closed') yield { subject, what: 'current', kept: true, truth: false };
  const owner = held && countsAsLoad(status) ? String(assignee) : null;
  const payer = charged ? String(charged.user) : null;
  if (owner !== payer) yield { subject, what: 'whose load it counts as', kept: payer, truth: owner };
}

interface FromMessages {
  rev: number;
  ofContact: number;
}

/** What the messages of a batch of conversations say. */
async function messagesOf(batch: Conversation[]): Promise<Map<string, FromMessages>> {
  const rows = await MessageModel.aggregate<{ _id: unknown } & FromMessages>([
    { $match: { conversation: { $in: batch.map((row) => row._id) } } },
    {
      $group: {
        _id: '$conversation',
        rev: { $max: '$rev' },
        ofContact: { $sum: { $cond: [{ $eq: ['$senderType', 'contact'] }, 1, 0] } },
      },
    },
  ]);
  return new Map(rows.map((row) => [String(row._id), row]));
}

function* ofMessages(conversation: Conversation, messages: FromMessages | undefined): Generator<Difference> {
  const subject = `conversation:${String(conversation._id)}`;
  const { rev, ofContact } = messages ?? { rev: 0, ofContact: 0 };
  if (conversation.rev < rev) yield { subject, what: 'rev', kept: conversation.rev, truth: rev };
  const kept = conversation.contactMessageCount;
  if (kept !== ofContact) yield { subject, what: 'messages of the contact', kept, truth: ofContact };
}

async function countedIn(batch: Conversation[]): Promise<Map<string, string>> {
  const rows = await TalliedModel.find({ _id: { $in: batch.map((row) => row._id) } }).lean();
  return new Map(rows.map(({ _id, bucket }) => [String(_id), bucket]));
}

async function* ofTallies(truth: Map<string, number>): AsyncGenerator<Difference> {
  for await (const { _id, count } of TallyModel.find().lean().cursor()) {
    const real = truth.get(_id) ?? 0;
    if (count !== real) yield { subject: `tally:${_id}`, what: 'count', kept: count, truth: real };
    truth.delete(_id);
  }
  for (const [bucket, count] of truth) yield { subject: `tally:${bucket}`, what: 'count', kept: 0, truth: count };
}

async function* ofLoad(truth: Map<string, number>): AsyncGenerator<Difference> {
  for await (const { _id, load } of AgentWorkModel.find().lean().cursor()) {
    const real = truth.get(String(_id)) ?? 0;
    if (load !== real) yield { subject: `user:${String(_id)}`, what: 'load', kept: load, truth: real };
    truth.delete(String(_id));
  }
  for (const [user, load] of truth) yield { subject: `user:${user}`, what: 'load', kept: 0, truth: load };
}
