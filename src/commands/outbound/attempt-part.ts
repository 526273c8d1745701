import { ChannelError } from '../../../channels/errors.js';
import {
  AttachmentModel,
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  MessageModel,
  type Inbox,
  type Message,
  type MessagePart,
} from '../../models/index.js';
import { decideReply } from '../../shared/reply-policy.js';
import { onStore } from '../../storage/in-transaction.js';
import { crashPoint } from '../../utils/crash-points.js';
import { withDeadline } from '../../utils/deadline.js';
import type { Hub } from '../hub.js';
import { replyContext } from '../../policies/reply-context.js';
import { refusalSentence } from '../send-message.js';
import {
  adapterOf,
  attachmentOf,
  CALL_DEADLINE,
  channelContext,
  EARLY_LOOKS,
  outboundPart,
  type PartAttachment,
} from './part-call.js';
import { callFailed, holdForUsage, newAttemptId, partAccepted, partFailed } from './part-outcome.js';

/** An upload may take as long as the platform's own fetch of a file. Milliseconds. */
const UPLOAD_DEADLINE = 75_000;
/** Ids of earlier attempts that are kept: many more than there can be calls of unknown outcome. */
const ATTEMPTS_KEPT = 20;

/** A call that is about to be made: how the policy lets it leave, to whom, and with which upload. */
interface Call {
  policy: 'response' | 'human_agent';
  recipientId: string;
  attachment: PartAttachment | null;
}

/**
 * Makes the next platform call of a part that is queued, or whose earlier attempt is known not to have arrived, if the policy still
 * allows it: uploads its file, or sends. An upload may outlast the reply window, a hold of the inbox and the lane, so after it
 * nothing more is done: the caller looks at all of them anew and comes back.
 */
export async function attemptPart(hub: Hub, inbox: Inbox, message: Message, part: MessagePart): Promise<void> {
  const leave = await leaveNow(hub, inbox, message);
  if ('refusal' in leave) {
    await partFailed(hub, message, part, { fault: 'window_closed', ...leave.refusal });
    return;
  }
  const attachment = await attachmentOf(inbox, part, hub.now());
  if (attachment !== null && attachment.remoteId === null && adapterOf(hub, inbox).upload !== undefined) {
    await uploadFor(hub, inbox, message, part, attachment);
    return;
  }
  const started = await startAttempt(hub, message, part, leave.policy);
  if (started !== null) await callFor(hub, inbox, message, started, { ...leave, attachment });
}

async function uploadFor(
  hub: Hub,
  inbox: Inbox,
  message: Message,
  part: MessagePart,
  attachment: PartAttachment,
): Promise<void> {
  try {
    await upload(hub, inbox, attachment);
  } catch (error) {
    // Nothing has been sent yet, so an upload of unknown outcome is simply made again.
    const fault = asChannelError(error);
    const again =
      fault.fault === 'unknown_outcome'
        ? new ChannelError('retry', fault.message, { code: fault.code, cause: fault })
        : fault;
    await callFailed(hub, inbox, message, part, again);
  }
}

/** How a message may leave now and to whom, or why it may not: a code and a sentence. */
async function leaveNow(
  hub: Hub,
  inbox: Inbox,
  message: Message,
): Promise<Omit<Call, 'attachment'> | { refusal: { code: string; message: string } }> {
  const conversation = await onStore(ConversationModel.findById(message.conversation).lean().exec());
  const identity = await onStore(ContactIdentityModel.findById(message.identity).lean().exec());
  const contact = identity && (await onStore(ContactModel.findById(identity.contact, 'blocked').lean().exec()));
  // A conversation that was closed after the answer was given still gets that answer.
  const context = {
    ...replyContext(adapterOf(hub, inbox).capabilities, inbox, identity, contact, conversation ?? { status: 'open' }),
    closed: false,
  };
  const decision = decideReply(context, message.senderType === 'bot' ? 'bot' : 'agent', hub.now());
  if (decision.kind === 'refuse') {
    const message = refusalSentence(decision.reason, decision.closedAt);
    return { refusal: { code: `refused_${decision.reason}`, message } };
  }
  if (identity === null) return { refusal: { code: 'contact_gone', message: 'This contact no longer exists.' } };
  return { policy: decision.kind, recipientId: identity.externalId };
}

async function upload(hub: Hub, inbox: Inbox, { row }: PartAttachment): Promise<void> {
  const adapter = adapterOf(hub, inbox);
  if (adapter.upload === undefined) return;
  crashPoint('beforeUpload');
  const abort = AbortSignal.timeout(UPLOAD_DEADLINE);
  const { remoteId, expiresAt } = await adapter.upload(
    {
      kind: row.kind,
      name: row.name,
      mimeType: row.mimeType ?? 'application/octet-stream',
      size: row.size ?? 0,
      remoteId: null,
      open: () => hub.blobs.open(row.blobKey ?? ''),
    },
    channelContext(hub, inbox, abort),
  );
  crashPoint('afterUpload');
  await onStore(
    AttachmentModel.updateOne(
      { _id: row._id },
      { $push: { remotes: { inbox: inbox._id, remoteId, expiresAt: new Date(expiresAt) } } },
    ).exec(),
  );
}

/** `queued → sending` as one conditional update: whoever comes second finds nothing to change (PROTOCOLS 7). */
async function startAttempt(
  hub: Hub,
  message: Message,
  part: MessagePart,
  policy: Call['policy'],
): Promise<MessagePart | null> {
  const startedAt = new Date(hub.now());
  const attemptId = newAttemptId();
  const earlierAttempts = [...(part.earlierAttempts ?? []), ...(part.attemptId ? [part.attemptId] : [])];
  crashPoint('beforeSending');
  const started = await onStore(
    MessageModel.updateOne(
      { _id: message._id, parts: { $elemMatch: { n: part.n, attemptId: part.attemptId ?? null, state: part.state } } },
      {
        $set: {
          'parts.$[p].state': 'sending',
          'parts.$[p].attemptId': attemptId,
          ...(part.attemptId ? { 'parts.$[p].earlierAttempts': earlierAttempts.slice(-ATTEMPTS_KEPT) } : {}),
          'parts.$[p].startedAt': startedAt,
          'parts.$[p].policy': policy,
          'parts.$[p].lookups': 0,
          'parts.$[p].attempts': part.attempts + 1,
          nextAttemptAt: new Date(startedAt.getTime() + EARLY_LOOKS[0]),
        },
      },
      { arrayFilters: [{ 'p.n': part.n }] },
    ).exec(),
  );
  return started.modifiedCount === 1 ? { ...part, state: 'sending', attemptId, startedAt, policy } : null;
}

async function callFor(hub: Hub, inbox: Inbox, message: Message, part: MessagePart, call: Call): Promise<void> {
  const adapter = adapterOf(hub, inbox);
  const startedAt = part.startedAt?.getTime() ?? 0;
  const outbound = await outboundPart(hub, message, part, call);
  crashPoint('beforeSend');
  try {
    const timeLeft = (): number => startedAt + CALL_DEADLINE - hub.now();
    const left = timeLeft();
    const context = channelContext(hub, inbox, AbortSignal.timeout(Math.max(left, 1)), () => timeLeft() > 0);
    if (left <= 0 || adapter.send === undefined) return;
    const { externalId, holdUntil } = await withDeadline(adapter.send(outbound, context), left + 500);
    crashPoint('afterSend');
    const acceptedAt = new Date(startedAt);
    await partAccepted(hub, inbox, message, { n: part.n, externalId, acceptedAt, contactId: call.recipientId });
    crashPoint('afterSendRecorded');
    if (holdUntil !== undefined) await holdForUsage(inbox, holdUntil);
  } catch (error) {
    const fault = asChannelError(error);
    if (fault.dropUpload && call.attachment !== null) await dropUpload(inbox, call.attachment);
    await callFailed(hub, inbox, message, part, fault);
  }
}

async function dropUpload(inbox: Inbox, attachment: PartAttachment): Promise<void> {
  await onStore(
    AttachmentModel.updateOne({ _id: attachment.row._id }, { $pull: { remotes: { inbox: inbox._id } } }).exec(),
  );
}

/** Whatever is thrown by a call that may have been made leaves its outcome unknown. */
const asChannelError = (error: unknown): ChannelError =>
  error instanceof ChannelError
    ? error
    : new ChannelError('unknown_outcome', 'The platform did not say whether this was sent.', { cause: error });
