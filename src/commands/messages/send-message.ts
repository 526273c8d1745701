import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import type { ChannelAdapter } from '../../../channels/types.js';
import { AppError, notFound, staleDraft, validationError, windowClosed } from '../../errors.js';
import { inboxById } from '../../models/cached-inboxes.js';
import { ContactIdentityModel, ContactModel, type Conversation, type Inbox } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { StaffActor } from '../../policies/index.js';
import { replyContext } from '../../policies/reply-context.js';
import { statusAfterAnswer } from '../../shared/conversation-status.js';
import { decideReply } from '../../shared/reply-policy.js';
import { Chains } from '../../utils/chain.js';
import { crashPoint } from '../../utils/crash-points.js';
import { act, type Act } from '../act.js';
import { conversationOf } from '../conversations/load-conversation.js';
import { move } from '../conversations/move.js';
import { takeUploads } from '../files/take-uploads.js';
import type { Hub } from '../../hub.js';
import { noteEvent } from '../inboxes/note-event.js';
import { addMessage, ourOrder } from './add-message.js';
import { findKnown, mayLookLater, replyReference, type Landed } from './find-known.js';
import { buildParts } from './parts.js';
import { refusalSentence } from './refusal-sentence.js';

export interface SendMessageProps {
  conversationId: string;
  text?: string | undefined;
  /** Sending the same again answers with the message that is there; absent: every call is another message. */
  clientMessageId?: string | undefined;
  attachmentIds?: string[] | undefined;
  /** For the team alone. */
  note?: boolean | undefined;
  replyToMessageId?: string | undefined;
  quickReplies?: { title: string; payload: string }[] | undefined;
  /** Last revision the writer saw; absent: not checked. */
  lastSeenRev?: number | undefined;
  /** Send although a colleague has answered since. */
  force?: boolean | undefined;
}

const sends = new Chains();

/**
 * An agent's answer or note. Stored with its parts before anything is sent; the worker sends (DESIGN 5). The sends of one person to
 * one conversation run one after the other (PROTOCOLS 3).
 * @throws AppError 404 no such conversation; AccessDenied; 409 STALE_DRAFT, WINDOW_CLOSED; 400 for what is empty or the channel
 * cannot carry; 503 when the store does not answer. A known `clientMessageId` is answered first, whatever has changed since.
 */
export async function sendMessage(hub: Hub, actor: StaffActor, props: SendMessageProps): Promise<Landed> {
  const text = props.text?.trim() === '' ? null : (props.text ?? null);
  const attachmentIds = props.attachmentIds ?? [];
  if (text === null && attachmentIds.length === 0)
    throw validationError([{ field: 'text', message: 'Write something or attach a file.' }]);
  const answer: Answer = { ...props, text, attachmentIds, clientMessageId: props.clientMessageId ?? randomUUID() };
  const landed = await sends.run(`${actor.userId}:${props.conversationId}`, () =>
    act(hub, actor, (unit) => sendOnce(unit, actor, answer)),
  );
  crashPoint('afterSendStored');
  return landed;
}

type Answer = Omit<SendMessageProps, 'text'> & {
  text: string | null;
  clientMessageId: string;
  attachmentIds: string[];
};

/** Most messages are new: a repeat shows when it is refused, or when its insert fails. */
async function sendOnce(unit: Act, actor: StaffActor, answer: Answer): Promise<Landed> {
  const known = () => findKnown(unit, `user:${actor.userId}`, answer.clientMessageId);
  const looksLater = mayLookLater(unit, answer.attachmentIds);
  const repeated = looksLater ? null : await known();
  if (repeated !== null) return repeated;
  try {
    return await send(unit, actor, answer);
  } catch (error) {
    const refused = looksLater && error instanceof AppError ? await known() : null;
    if (refused === null) throw error;
    return refused;
  }
}

/** The core of an answer or note, in an act of its own or of others (DESIGN 13). */
async function send(unit: Act, actor: StaffActor, answer: Answer): Promise<Landed> {
  const before = await conversationOf(unit, answer.conversationId);
  authorize(actor, answer.note ? 'conversation.note' : 'conversation.send', before);
  const inbox = await inboxById(String(before.inbox));
  const adapter = inbox && unit.hub.channels.get(inbox.channel);
  if (!inbox || !adapter) throw notFound('The inbox of this conversation');
  if (!answer.note) await refuseUnlessAllowed(unit, actor, answer, before, inbox, adapter);

  const taken = answer.note ? before : await takeUp(unit, actor, before);
  const _id = new mongoose.Types.ObjectId();
  const senderKey = `user:${actor.userId}`;
  const orderAt = ourOrder(unit.now, taken.lastOrderAt);
  const files = await takeUploads(unit, [senderKey], answer.attachmentIds, { message: _id, conversation: before._id });
  const parts = answer.note ? [] : buildParts(adapter, answer.text, files, orderAt);
  const owesSend = parts.some((part) => part.state === 'queued');
  if (owesSend) unit.owesSend(before._id);
  // Where nothing has to be called, what is stored has left.
  if (parts.some((part) => part.state === 'sent'))
    unit.afterwards(() => noteEvent(unit.hub, String(before.inbox), 'out'));
  return addMessage(unit, taken, {
    _id,
    kind: answer.note ? 'note' : 'message',
    senderType: 'agent',
    sender: new mongoose.Types.ObjectId(actor.userId),
    senderKey,
    clientMessageId: answer.clientMessageId,
    orderAt,
    tieKey: String(_id),
    text: answer.text,
    attachments: files.map((file) => file._id),
    quickReplies: answer.quickReplies ?? [],
    replyTo: replyReference(answer.replyToMessageId ?? null),
    parts,
    ...(owesSend ? { nextAttemptAt: unit.now } : {}),
  });
}

/** Answering takes a conversation up: whoever answers what nobody holds, holds it. */
function takeUp(unit: Act, actor: StaffActor, before: Conversation): Promise<Conversation> {
  const status = statusAfterAnswer(before.status);
  if (before.assignee || before.status === 'closed') return move(unit, before, { status }, 'staff', null);
  const assignee = new mongoose.Types.ObjectId(actor.userId);
  const data = { by: actor.name, to: actor.name };
  return move(unit, before, { status, assignee }, 'staff', { type: 'assigned', data });
}

async function refuseUnlessAllowed(
  unit: Act,
  actor: StaffActor,
  answer: Answer,
  conversation: Conversation,
  inbox: Inbox,
  adapter: ChannelAdapter,
): Promise<void> {
  const { session } = unit;
  const { lastSeenRev, quickReplies: wanted = [] } = answer;
  const byColleague = String(conversation.lastAgent) !== actor.userId;
  const stale = lastSeenRev !== undefined && conversation.lastAgentRev > lastSeenRev && byColleague;
  if (stale && !answer.force) throw staleDraft();

  const identity =
    adapter.capabilities.replyWindow === null
      ? null
      : await ContactIdentityModel.findById(conversation.identity, null, { session }).lean();
  const contact = await ContactModel.findById(conversation.contact, null, { session }).lean();
  unit.know({ ...(identity === null ? {} : { identity }), ...(contact === null ? {} : { contact }) });
  const context = replyContext(adapter.capabilities, inbox, identity, contact, conversation);
  const decision = decideReply(context, 'agent', unit.now.getTime());
  if (decision.kind === 'refuse') throw windowClosed(refusalSentence(decision.reason, decision.closedAt));

  const most = adapter.capabilities.quickReplies?.max ?? 0;
  if (wanted.length > most)
    throw validationError([{ field: 'quickReplies', message: `This channel takes at most ${most} quick replies.` }]);
}
