import mongoose from 'mongoose';
import { ChannelError } from '../../../channels/errors.js';
import { AttachmentModel, MessageModel, type MessagePart } from '../../models/index.js';
import { replyContext } from '../../policies/reply-context.js';
import { decideReply } from '../../shared/reply-policy.js';
import { onStore } from '../../storage/in-transaction.js';
import { crashPoint } from '../../utils/crash-points.js';
import { channelContext } from '../inboxes/channel-context.js';
import { refusalSentence } from '../messages/refusal-sentence.js';
import { asChannelError, asLeft, EARLY_LOOKS, type Attempt, type Outcome } from './attempt.js';

/** An upload may take as long as the platform's own fetch of a file. Milliseconds. */
const UPLOAD_DEADLINE = 75_000;
/** Ids of earlier attempts that are kept: many more than there can be calls of unknown outcome. */
const ATTEMPTS_KEPT = 20;

/** An attempt whose part is `sending` by now. */
export interface Started {
  kind: 'started';
  attempt: Attempt;
  sentTo: string;
}

/**
 * Begins the call of a part that is queued, or whose earlier attempt is known not to have arrived, if the policy still allows it and
 * its file is on the platform. An upload may outlast the reply window, a hold of the inbox and the lane, so it is a step of its own:
 * after it all of them are looked at anew.
 * @returns null: a file was uploaded, or somebody else has begun.
 */
export async function startPart(attempt: Attempt): Promise<Started | Outcome | null> {
  const { identity, channel, content } = attempt;
  if (identity === null) return refused('contact_gone', 'This contact no longer exists.');
  const decision = decide(attempt);
  if (decision.kind === 'refuse')
    return refused(`refused_${decision.reason}`, refusalSentence(decision.reason, decision.closedAt));
  if (content.kind === 'attachment' && content.attachment.remoteId === null && channel.upload !== undefined)
    return upload(attempt);
  const started = await begin(attempt, decision.kind);
  return started && { kind: 'started', attempt: started, sentTo: identity.externalId };
}

const refused = (code: string, message: string): Outcome => ({
  kind: 'refused',
  error: { fault: 'window_closed', code, message },
});

/** How it may leave now. A conversation that was closed after the answer was given still gets that answer. */
function decide({ hub, message, inbox, channel, identity, contact }: Attempt) {
  const context = replyContext(channel.capabilities, inbox, identity, contact, { status: 'open' });
  return decideReply(context, message.senderType === 'bot' ? 'bot' : 'agent', hub.now());
}

async function upload(attempt: Attempt): Promise<Outcome | null> {
  const { hub, inbox, channel, file, content } = attempt;
  if (channel.upload === undefined || file === null || content.kind !== 'attachment') return null;
  crashPoint('beforeUpload');
  try {
    const context = channelContext(hub, inbox, AbortSignal.timeout(UPLOAD_DEADLINE));
    const { remoteId, expiresAt } = await channel.upload(content.attachment, context);
    crashPoint('afterUpload');
    const remotes = { inbox: inbox._id, remoteId, expiresAt: new Date(expiresAt) };
    await onStore(AttachmentModel.updateOne({ _id: file._id }, { $push: { remotes } }).exec());
    return null;
  } catch (error) {
    const fault = asChannelError(error);
    if (fault.fault !== 'unknown_outcome') return { kind: 'failed', fault };
    // Nothing has been sent yet, so an upload of unknown outcome is simply made again.
    return { kind: 'failed', fault: new ChannelError('retry', fault.message, { code: fault.code, cause: fault }) };
  }
}

/** `queued → sending` as one conditional update: whoever comes second finds nothing to change (PROTOCOLS 7). */
async function begin(attempt: Attempt, policy: NonNullable<MessagePart['policy']>): Promise<Attempt | null> {
  const { hub, part } = attempt;
  const startedAt = new Date(hub.now());
  const attemptId = new mongoose.Types.ObjectId().toString();
  const earlierAttempts = [...(part.earlierAttempts ?? []), ...(part.attemptId ? [part.attemptId] : [])];
  const { filter, options } = asLeft(attempt);
  crashPoint('beforeSending');
  const started = await onStore(
    MessageModel.updateOne(
      filter,
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
      options,
    ).exec(),
  );
  if (started.modifiedCount === 0) return null;
  return { ...attempt, part: { ...part, state: 'sending', attemptId, startedAt, policy } };
}
