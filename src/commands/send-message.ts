import mongoose, { type ClientSession } from 'mongoose';
import type { ChannelAdapter } from '../../channels/types.js';
import { AppError, notFound, staleDraft, validationError, windowClosed } from '../errors.js';
import {
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  type Attachment,
  type Conversation,
  type Inbox,
  type Message,
  type MessagePart,
} from '../models/index.js';
import type { ConversationStatus } from '../shared/conversation-status.js';
import { decideReply, type RefusalReason } from '../shared/reply-policy.js';
import { inboxById } from '../models/cached-inboxes.js';
import { inTransaction } from '../storage/in-transaction.js';
import { crashPoint } from '../utils/crash-points.js';
import { splitText } from '../utils/split-text.js';
import { addMessage } from './add-message.js';
import { Aftermath } from './aftermath.js';
import type { Hub } from './hub.js';
import { ourOrder } from './inbound/applying.js';
import { noteEventOut } from './note-event-out.js';
import { conversationOf, findKnown, replyReference } from './receive-message.js';
import { replyContext } from '../policies/reply-context.js';
import { takeUploads } from './take-uploads.js';

export interface SendMessageProps {
  conversationId: string;
  user: { id: string; name: string };
  text: string | null;
  clientMessageId: string;
  attachmentIds: string[];
  note: boolean;
  replyToMessageId: string | null;
  quickReplies: { title: string; payload: string }[];
  /** Last revision the writer saw; null: not checked. */
  lastSeenRev: number | null;
  force: boolean;
  /** The policy's word on this conversation as it is now; throws when the user may not. Runs inside the transaction. */
  authorize(conversation: Conversation): void;
}

/**
 * An agent's answer or note. Stored with its parts before anything is sent; the worker sends (DESIGN 5).
 * @throws AppError 404 no such conversation; 403 from `authorize`; 409 STALE_DRAFT, WINDOW_CLOSED; 400 for what the channel
 * cannot carry; 503 when the store does not answer. A known `clientMessageId` is answered first, whatever has changed since.
 */
export async function sendMessage(
  hub: Hub,
  props: SendMessageProps,
): Promise<{ conversation: Conversation; message: Message }> {
  const result = await inTransaction(async (session, run) => {
    const answerKnown = async () => {
      const known = await findKnown(session, `user:${props.user.id}`, props.clientMessageId);
      return known === null ? null : { known, aftermath: new Aftermath(), sent: null };
    };
    // Most messages are new: a repeat shows when it is refused, or when its insert fails; with files the uploads would fail first.
    const isFirstTry = run === 1 && props.attachmentIds.length === 0;
    const answer = isFirstTry ? null : await answerKnown();
    if (answer !== null) return answer;
    try {
      const conversation = await ConversationModel.findById(props.conversationId, null, { session }).lean();
      if (conversation === null) throw notFound('This conversation');
      props.authorize(conversation);
      return { known: null, ...(await store(hub, session, props, conversation)) };
    } catch (error) {
      const repeated = isFirstTry && error instanceof AppError ? await answerKnown() : null;
      if (repeated === null) throw error;
      return repeated;
    }
  });
  crashPoint('afterSendStored');
  result.aftermath.tell(hub);
  if (result.sent !== null) {
    const { conversation, message } = result.sent;
    // Where nothing has to be called, what is stored has left.
    if (message.parts.some((part) => part.state === 'sent')) noteEventOut(hub, String(conversation.inbox));
    return result.sent;
  }
  return { conversation: await conversationOf(result.known), message: result.known };
}

async function store(hub: Hub, session: ClientSession, props: SendMessageProps, before: Conversation) {
  const inbox = await inboxById(String(before.inbox));
  const adapter = inbox && hub.channels.get(inbox.channel);
  if (!inbox || !adapter) throw notFound('The inbox of this conversation');
  if (!props.note) await refuseUnlessAllowed(hub, session, props, before, inbox, adapter);

  const userId = new mongoose.Types.ObjectId(props.user.id);
  const _id = new mongoose.Types.ObjectId();
  const senderKey = `user:${props.user.id}`;
  const orderAt = ourOrder(hub.now(), before.lastOrderAt);
  const attachments = await takeUploads(session, [senderKey], props.attachmentIds, {
    message: _id,
    conversation: before._id,
  });
  const parts = props.note ? [] : buildParts(adapter, props.text, attachments, orderAt);
  const status = props.note ? undefined : statusAfterAnswer(before);
  const claims = !props.note && !before.assignee;

  const sent = await addMessage(
    session,
    before,
    {
      _id,
      kind: props.note ? 'note' : 'message',
      senderType: 'agent',
      sender: userId,
      senderKey,
      clientMessageId: props.clientMessageId,
      orderAt,
      tieKey: String(_id),
      text: props.text,
      attachments: attachments.map((attachment) => attachment._id),
      quickReplies: props.quickReplies,
      replyTo: replyReference(props.replyToMessageId),
      parts,
      ...(parts.some((part) => part.state === 'queued') ? { nextAttemptAt: new Date(hub.now()) } : {}),
    },
    {
      lastAgent: userId,
      ...(status === undefined ? {} : { status }),
      ...(claims ? { assignee: userId } : {}),
    },
  );
  const aftermath = new Aftermath();
  aftermath.note(sent.conversation, {
    message: sent.message,
    messageCreated: true,
    ...(claims ? { previousAssignee: null } : {}),
  });
  if (sent.message.nextAttemptAt) aftermath.outbound.add(String(before._id));
  return { aftermath, sent };
}

/** Answering takes the conversation up, unless it is already finished. */
const statusAfterAnswer = (conversation: Conversation): ConversationStatus | undefined =>
  conversation.status === 'in_progress' || conversation.status === 'resolved' || conversation.status === 'closed'
    ? undefined
    : 'in_progress';

const REFUSALS: Record<RefusalReason, (closedAt: number | null) => string> = {
  window_closed: (closedAt) =>
    `The reply window closed${closedAt === null ? '' : ` at ${new Date(closedAt).toISOString()}`}. You can answer again as soon as the customer writes.`,
  no_contact_yet: () => 'The customer has to write first.',
  blocked: () => 'This contact is blocked.',
  disconnected: () => 'This inbox is disconnected. Connect it again in the settings.',
  archived: () => 'This conversation is closed. The customer’s next message opens a new one.',
};

/** The sentence for a refusal of the reply policy. */
export const refusalSentence = (reason: RefusalReason, closedAt: number | null): string => REFUSALS[reason](closedAt);

async function refuseUnlessAllowed(
  hub: Hub,
  session: ClientSession,
  props: SendMessageProps,
  conversation: Conversation,
  inbox: Inbox,
  adapter: ChannelAdapter,
): Promise<void> {
  const byColleague = String(conversation.lastAgent) !== props.user.id;
  const stale = props.lastSeenRev !== null && conversation.lastAgentRev > props.lastSeenRev && byColleague;
  if (stale && !props.force) throw staleDraft();

  const identity =
    adapter.capabilities.replyWindow === null
      ? null
      : await ContactIdentityModel.findById(conversation.identity, 'lastInboundAt', { session }).lean();
  const contact = await ContactModel.findById(conversation.contact, 'blocked', { session }).lean();
  const context = replyContext(adapter.capabilities, inbox, identity, contact, conversation);
  const decision = decideReply(context, 'agent', hub.now());
  if (decision.kind === 'refuse') throw windowClosed(refusalSentence(decision.reason, decision.closedAt));

  const { quickReplies } = adapter.capabilities;
  if (props.quickReplies.length > (quickReplies?.max ?? 0)) {
    throw validationError([
      { field: 'quickReplies', message: `This channel takes at most ${quickReplies?.max ?? 0} quick replies.` },
    ]);
  }
}

type NewPart = Pick<MessagePart, 'n' | 'kind' | 'state'> & Partial<MessagePart>;

/** One part per platform call; a channel of our own has the message delivered as soon as it is stored. */
function buildParts(
  adapter: ChannelAdapter,
  text: string | null,
  attachments: Attachment[],
  orderAt: Date,
): MessagePart[] {
  const { capabilities } = adapter;
  for (const attachment of attachments) {
    if (
      !capabilities.attachments.kinds.includes(attachment.kind) ||
      (attachment.size ?? 0) > capabilities.attachments.maxBytes
    ) {
      throw validationError([
        { field: 'attachmentIds', message: `${adapter.label} does not take “${attachment.name}”.` },
      ]);
    }
  }
  if (adapter.send === undefined) return [complete({ n: 0, kind: 'text', state: 'sent', acceptedAt: orderAt })];
  const texts = text === null || text === '' ? [] : splitText(text, capabilities.textLimit ?? Number.POSITIVE_INFINITY);
  const drafts: Omit<NewPart, 'n'>[] = [
    ...texts.map((piece) => ({ kind: 'text' as const, state: 'queued' as const, text: piece })),
    ...attachments.map((attachment) => ({
      kind: 'attachment' as const,
      state: 'queued' as const,
      attachment: attachment._id,
    })),
  ];
  return drafts.map((draft, n) => complete({ ...draft, n }));
}

const complete = (part: NewPart): MessagePart => ({
  text: null,
  attachment: null,
  attemptId: null,
  tries: 0,
  attempts: 0,
  lookups: 0,
  startedAt: null,
  policy: null,
  externalId: null,
  acceptedAt: null,
  error: null,
  ...part,
});
