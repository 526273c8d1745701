import { ChannelError } from '../errors.js';
import type { OutboundPart, SendResult } from '../types.js';
import { id } from './fields.js';
import { recipient, sendBody } from './format.js';
import { callGraph, json } from './graph.js';
import { saying } from './errors.js';
import type { MessengerContext } from './types.js';
import { holdUntil } from './usage.js';

/** Sends one part. Success means that Meta accepted it, not that it arrived. Throws ChannelError. */
export async function send(part: OutboundPart, context: MessengerContext): Promise<SendResult> {
  const upload = part.content.kind === 'attachment' ? part.content.attachment : null;
  if (upload?.remoteId === null) {
    throw new ChannelError('retry', 'The file has to be uploaded to Facebook first.');
  }
  const path = `${context.accountId}/messages`;
  const { body, usage } = await callGraph(
    { method: 'POST', path, body: json(sendBody(part)), effect: 'message', usesUpload: upload !== null },
    context,
  );
  const externalId = id(body.message_id);
  if (externalId === null) throw saying('unknown_outcome', 'unknownOutcome');
  const until = holdUntil(usage, context.now());
  return until === null ? { externalId } : { externalId, holdUntil: until };
}

/** Shows or hides the typing mark, or marks the thread as seen; Meta lets a typing mark lapse after some 20 s. */
export async function signal(
  action: 'typing_on' | 'typing_off' | 'mark_seen',
  recipientId: string,
  context: MessengerContext,
): Promise<void> {
  const body = json({ recipient: recipient(recipientId), sender_action: action });
  await callGraph({ method: 'POST', path: `${context.accountId}/messages`, body, effect: 'nothing' }, context);
}
