import { MongoClient, ObjectId } from 'mongodb';
import type { Conversation } from '../../src/models/index.js';
import '../../src/models/index.js';
import { ensureIndexes } from '../../src/storage/ensure-indexes.js';

/** Inboxes that the conversations are spread over. */
export const INBOXES = 5;
const USERS = 20;
const BATCH = 1_000;
const HOUR = 3_600_000;

const idOf = (kind: number, n: number): ObjectId =>
  new ObjectId(`${kind.toString(16).padStart(8, '0')}${n.toString(16).padStart(16, '0')}`);

/** The id of the n-th conversation and inbox. */
export const conversationId = (n: number): ObjectId => idOf(1, n);
export const inboxId = (n: number): ObjectId => idOf(2, n);

/** A conversation as a hub of some months has them: one of ten is active. */
function conversation(n: number): Record<keyof Conversation, unknown> & { _id: ObjectId } {
  const active = n % 10 === 3;
  const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000);
  return {
    _id: conversationId(n),
    number: n + 1,
    inbox: inboxId(Math.floor(n / 10) % INBOXES),
    channel: n % 2 === 0 ? 'web' : 'messenger',
    contact: idOf(3, n),
    identity: idOf(4, n),
    current: active,
    previous: null,
    status: active ? 'in_progress' : 'closed',
    active,
    priority: 'normal',
    subject: null,
    labels: [],
    team: null,
    charged: null,
    assignee: n % 3 === 0 ? null : idOf(5, n % USERS),
    speaker: null,
    fence: 0,
    rev: 12,
    version: 15,
    lastOrderAt: at,
    lastOurOrderAt: at,
    lastAgentRev: 11,
    lastAgent: idOf(5, n % USERS),
    lastMessage: { message: idOf(6, n), preview: 'Thank you, that helped. '.repeat(4), senderType: 'contact', at },
    lastActivityAt: at,
    contactMessageCount: 6,
    deliveredUpTo: at,
    readUpTo: at,
    teamReadUpTo: at,
    threadOwner: null,
    threadOwnerAt: null,
    closedAt: active ? null : new Date(at.getTime() + HOUR),
    createdAt: at,
  };
}

/** Creates the hub's collections and indexes in a store and puts so many conversations into it. */
export async function fillConversations(uri: string, count: number): Promise<void> {
  await ensureIndexes(uri);
  const client = await MongoClient.connect(uri);
  try {
    const conversations = client.db().collection('conversations');
    for (let from = 0; from < count; from += BATCH) {
      const size = Math.min(BATCH, count - from);
      await conversations.insertMany(Array.from({ length: size }, (_, n) => conversation(from + n)));
    }
  } finally {
    await client.close();
  }
}
