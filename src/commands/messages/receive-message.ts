import mongoose from 'mongoose';
import { validationError, visitorSessionEnded } from '../../errors.js';
import { inboxById } from '../../models/cached-inboxes.js';
import { ContactIdentityModel, type ContactIdentity, type Inbox } from '../../models/index.js';
import { changeOne } from '../../storage/change-one.js';
import type { VisitorActor } from '../../policies/index.js';
import { act, type Act } from '../act.js';
import { formerIdentities } from '../contacts/merge-identity.js';
import { takeUploads } from '../files/take-uploads.js';
import type { Hub } from '../../hub.js';
import { noteEvent } from '../inboxes/note-event.js';
import { findKnown, mayLookLater, replyReference, type Landed } from './find-known.js';
import { landMessage } from './land-message.js';

export interface ReceiveMessageProps {
  text: string | null;
  /** Sending the same again answers with the message that is there. */
  clientMessageId: string;
  attachmentIds: string[];
  replyToMessageId: string | null;
  /** Payload of a tapped quick reply. */
  payload: string | null;
}

const gone = () => validationError([{ field: 'token', message: 'This chat no longer exists. Please reload.' }]);

/**
 * A visitor's message over our own channel: stored with all that follows from it before it is acknowledged.
 * @throws AppError 400 for an empty message or an unknown attachment, 401 when the visitor's token has ended, 503 when the store
 * does not answer.
 */
export async function receiveMessage(hub: Hub, actor: VisitorActor, props: ReceiveMessageProps): Promise<Landed> {
  const inbox = await inboxById(actor.inboxId);
  if (inbox === null || inbox.state === 'disconnected') throw gone();
  return act(hub, actor, (unit) => receive(unit, inbox, actor, props));
}

async function receive(unit: Act, inbox: Inbox, actor: VisitorActor, props: ReceiveMessageProps): Promise<Landed> {
  const senderKey = `identity:${actor.identityId}`;
  const identity = await changeOne<ContactIdentity>(
    ContactIdentityModel.collection,
    { _id: new mongoose.Types.ObjectId(actor.identityId) },
    { $inc: { touches: 1 }, $max: { lastInboundAt: unit.now } },
    unit.session,
  );
  if (identity === null) throw gone();
  if ((identity.tokenEpoch ?? 0) !== actor.epoch) throw visitorSessionEnded();
  unit.know({ identity });
  const known = mayLookLater(unit, props.attachmentIds)
    ? null
    : await findKnown(unit, senderKey, props.clientMessageId);
  if (known !== null) return known;
  const formerKeys = (await formerIdentities(identity, unit.session)).map((id) => `identity:${id}`);
  const earlier = formerKeys.length === 0 ? null : await findKnown(unit, { $in: formerKeys }, props.clientMessageId);
  if (earlier !== null) return earlier;

  const _id = new mongoose.Types.ObjectId();
  unit.afterwards(() => noteEvent(unit.hub, actor.inboxId, 'in'));
  return landMessage(unit, {
    inbox,
    identity,
    draft: {
      _id,
      kind: 'message',
      senderType: 'contact',
      sender: identity.contact,
      senderKey,
      clientMessageId: props.clientMessageId,
      orderAt: unit.now,
      tieKey: String(_id),
      text: props.text,
      payload: props.payload,
      replyTo: replyReference(props.replyToMessageId),
    },
    files: {
      count: props.attachmentIds.length,
      store: async (conversation) => {
        const to = { message: _id, conversation };
        const taken = await takeUploads(unit, [senderKey, ...formerKeys], props.attachmentIds, to);
        return taken.map((attachment) => attachment._id);
      },
    },
  });
}
