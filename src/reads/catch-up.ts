import type { ChannelAdapter } from '../../channels/types.js';
import { notFound } from '../errors.js';
import { ConversationModel, MessageModel, UserModel, type Conversation, type Message } from '../models/index.js';
import { VIEW_ORDER } from '../models/conversation-views.js';
import { authorize } from '../policies/authorize.js';
import type { StaffActor, VisitorActor } from '../policies/index.js';
import { presentRows } from '../presenters/conversation.js';
import { presentForCustomer } from '../presenters/customer-conversation.js';
import { loadMessageContext } from '../presenters/load-message-context.js';
import { presentCustomerMessage, presentMessage } from '../presenters/message.js';
import { LIMITS } from '../shared/limits.js';
import type { CustomerSync, ListSync, ThreadSync } from '../shared/schemas/sync.js';
import type { ListView } from '../shared/schemas/view.js';
import { onStore } from '../storage/in-transaction.js';
import { countViews, filterOfView } from './views.js';

/** What a read needs of the installation. */
export interface Reading {
  channels: ReadonlyMap<string, ChannelAdapter>;
  env: { JWT_SECRET: string };
  now(): number;
}

/**
 * What changed in a thread since a revision. The conversation is read **before** the messages: its rev is the new cursor, so that
 * nothing between the two reads is skipped (PROTOCOLS 4).
 */
async function changesSince(
  conversation: Conversation,
  rev: number,
): Promise<{ messages: Message[]; rev: number; more: boolean }> {
  const rows = await onStore(
    MessageModel.find({ conversation: conversation._id, rev: { $gt: rev } })
      .sort({ rev: 1 })
      .limit(LIMITS.threadPage + 1)
      .lean()
      .exec(),
  );
  const more = rows.length > LIMITS.threadPage;
  const messages = rows.slice(0, LIMITS.threadPage);
  return { messages, more, rev: more ? (messages.at(-1)?.rev ?? rev) : Math.max(conversation.rev, rev) };
}

const findConversation = (id: string): Promise<Conversation | null> =>
  onStore(ConversationModel.findById(id).lean().exec());

/** Catch-up of a thread for staff. @throws AppError 404, 403. */
export async function syncThread(
  hub: Reading,
  actor: StaffActor,
  conversationId: string,
  rev: number,
): Promise<ThreadSync> {
  const conversation = await findConversation(conversationId);
  if (conversation === null) throw notFound('This conversation');
  authorize(actor, 'conversation.view', conversation);
  const changes = await changesSince(conversation, rev);
  const context = await loadMessageContext(changes.messages, hub.env, hub.now());
  const [row] = await presentRows(hub, [conversation], actor.userId);
  if (row === undefined) throw notFound('This conversation');
  return {
    ...changes,
    conversation: row,
    messages: changes.messages.map((message) => presentMessage(message, context)),
  };
}

/** The true state of the first rows of a view, compared with what the client holds (PROTOCOLS 4). */
export async function syncList(
  hub: Reading,
  actor: StaffActor,
  view: ListView,
  rows: { id: string; version: number }[],
): Promise<ListSync> {
  const filter = filterOfView(actor, view);
  const limit = Math.min(Math.max(rows.length + 1, LIMITS.listPageDefault), LIMITS.listRows);
  const [found, counts, user] = await Promise.all([
    onStore(ConversationModel.find(filter).sort(VIEW_ORDER).limit(limit).lean().exec()),
    countViews(actor),
    onStore(UserModel.findById(actor.userId, 'scopeRev').lean().exec()),
  ]);
  const held = new Map(rows.map((row) => [row.id, row.version]));
  const changed = found.filter((row) => held.get(String(row._id)) !== row.version);
  return {
    ids: found.map((row) => String(row._id)),
    changed: await presentRows(hub, changed, actor.userId),
    counts,
    scopeRev: user?.scopeRev ?? actor.scopeRev,
  };
}

/** Catch-up of a visitor: the named conversation of theirs, or their current one; the last closed one shows until a new one begins. */
export async function syncCustomer(
  hub: Reading,
  actor: VisitorActor,
  conversationId: string | null,
  rev: number,
): Promise<CustomerSync> {
  const conversation =
    conversationId === null ? await visitorConversation(actor.identityId) : await findConversation(conversationId);
  if (conversation === null) {
    if (conversationId !== null) throw notFound('This conversation');
    return { conversation: null, messages: [], rev: 0, more: false };
  }
  authorize(actor, 'conversation.view', conversation);
  const changes = await changesSince(conversation, rev);
  const context = await loadMessageContext(changes.messages, hub.env, hub.now());
  const messages = changes.messages.flatMap((message) => presentCustomerMessage(message, context) ?? []);
  return { ...changes, conversation: await presentForCustomer(conversation), messages };
}

/** A visitor's current conversation, else their last one; null: none yet. */
export async function visitorConversation(identityId: string): Promise<Conversation | null> {
  const current = await onStore(ConversationModel.findOne({ identity: identityId, current: true }).lean().exec());
  return current ?? onStore(ConversationModel.findOne({ identity: identityId }).sort({ _id: -1 }).lean().exec());
}
