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
import { decideReply, type ReplyDecision } from '../../shared/reply-policy.js';
import { onStore } from '../../storage/in-transaction.js';
import { crashPoint } from '../../utils/crash-points.js';
import { withDeadline } from '../../utils/deadline.js';
import type { Hub } from '../hub.js';
import { replyContext } from '../../policies/reply-context.js';
import { refusalSentence } from '../messages/refusal-sentence.js';
import {
  adapterOf,
  attachmentOf,
  CALL_DEADLINE,
  channelContext,
  outboundPart,
  SETTLE_AFTER,
  type PartAttachment,
} from './part-call.js';
import { callFailed, holdForUsage, newAttemptId, partAccepted, partFailed } from './part-outcome.js';

/** An upload may take as long as the platform's own fetch of a file. Milliseconds. */
const UPLOAD_DEADLINE = 75_000;

/**
 * Makes the platform call of a part that is queued, or whose earlier attempt is known not to have arrived: asks the policy again,
 * uploads its file first, then sends.
 */
export async function attemptPart(hub: Hub, inbox: Inbox, message: Message, part: MessagePart): Promise<void> {
  const decision = await decideNow(hub, inbox, message);
  if (decision.kind === 'refuse') {
    const sentence = refusalSentence(decision.reason, decision.closedAt);
    await partFailed(hub, message, part, { fault: 'window_closed', message: sentence });
    return;
  }
  let attachment: PartAttachment | null;
  try {
    attachment = await uploaded(hub, inbox, part);
  } catch (error) {
    // Nothing has been sent yet, so an upload of unknown outcome is simply made again.
    const fault = asChannelError(error);
    const again =
      fault.fault === 'unknown_outcome' ? new ChannelError('retry', fault.message, { cause: fault }) : fault;
    await callFailed(hub, inbox, message, part, again);
    return;
  }
  const started = await startAttempt(hub, message, part, decision.kind);
  if (started !== null) await callFor(hub, inbox, message, started, { policy: decision.kind, attachment });
}

async function decideNow(hub: Hub, inbox: Inbox, message: Message): Promise<ReplyDecision> {
  const conversation = await onStore(ConversationModel.findById(message.conversation).lean().exec());
  const identity = await onStore(ContactIdentityModel.findById(message.identity).lean().exec());
  const contact = identity && (await onStore(ContactModel.findById(identity.contact, 'blocked').lean().exec()));
  // A conversation that was closed after the answer was given still gets that answer.
  const context = {
    ...replyContext(adapterOf(hub, inbox).capabilities, inbox, identity, contact, conversation ?? { status: 'open' }),
    closed: false,
  };
  return decideReply(context, message.senderType === 'bot' ? 'bot' : 'agent', hub.now());
}

async function uploaded(hub: Hub, inbox: Inbox, part: MessagePart): Promise<PartAttachment | null> {
  const attachment = await attachmentOf(inbox, part, hub.now());
  const adapter = adapterOf(hub, inbox);
  if (attachment === null || attachment.remoteId !== null || adapter.upload === undefined) return attachment;
  const { row } = attachment;
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
  return { row, remoteId };
}

/** `queued → sending` as one conditional update: whoever comes second finds nothing to change (PROTOCOLS 7). */
async function startAttempt(
  hub: Hub,
  message: Message,
  part: MessagePart,
  policy: 'response' | 'human_agent',
): Promise<MessagePart | null> {
  const startedAt = new Date(hub.now());
  const attemptId = newAttemptId();
  crashPoint('beforeSending');
  const started = await onStore(
    MessageModel.updateOne(
      { _id: message._id, parts: { $elemMatch: { n: part.n, attemptId: part.attemptId ?? null, state: part.state } } },
      {
        $set: {
          'parts.$[p].state': 'sending',
          'parts.$[p].attemptId': attemptId,
          'parts.$[p].startedAt': startedAt,
          'parts.$[p].policy': policy,
          'parts.$[p].lookups': 0,
          'parts.$[p].attempts': part.attempts + 1,
          nextAttemptAt: new Date(startedAt.getTime() + SETTLE_AFTER),
        },
      },
      { arrayFilters: [{ 'p.n': part.n }] },
    ).exec(),
  );
  return started.modifiedCount === 1 ? { ...part, state: 'sending', attemptId, startedAt, policy } : null;
}

async function callFor(
  hub: Hub,
  inbox: Inbox,
  message: Message,
  part: MessagePart,
  attempt: { policy: 'response' | 'human_agent'; attachment: PartAttachment | null },
): Promise<void> {
  const adapter = adapterOf(hub, inbox);
  const startedAt = part.startedAt?.getTime() ?? 0;
  const call = await outboundPart(hub, inbox, message, part, { ...attempt, attemptId: part.attemptId ?? '' });
  crashPoint('beforeSend');
  try {
    const timeLeft = (): number => startedAt + CALL_DEADLINE - hub.now();
    const left = timeLeft();
    const context = channelContext(hub, inbox, AbortSignal.timeout(Math.max(left, 1)), () => timeLeft() > 0);
    if (left <= 0 || adapter.send === undefined) return;
    const result = await withDeadline(adapter.send(call, context), left + 500);
    crashPoint('afterSend');
    await partAccepted(hub, message, part.n, result.externalId, new Date(startedAt));
    crashPoint('afterSendRecorded');
    if (result.holdUntil !== undefined) await holdForUsage(inbox, result.holdUntil);
  } catch (error) {
    const fault = asChannelError(error);
    if (fault.dropUpload && attempt.attachment !== null) await dropUpload(inbox, attempt.attachment);
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
