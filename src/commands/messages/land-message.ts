import type mongoose from 'mongoose';
import type { ContactIdentity, Inbox } from '../../models/index.js';
import { statusAfterCustomer } from '../../shared/conversation-status.js';
import type { Act } from '../act.js';
import { landingConversation } from '../conversations/landing.js';
import { move } from '../conversations/move.js';
import { addMessage, bumpLiveThread, insertMessage, type MessageDraft } from './add-message.js';
import type { Landed } from './find-known.js';

type ObjectId = mongoose.Types.ObjectId;

/** A customer's words or tap, and what comes with them. */
export interface Arrival {
  inbox: Inbox;
  identity: ContactIdentity;
  draft: MessageDraft & { _id: ObjectId };
  /** How many files come with it, and how they are given to it once its conversation is known. */
  files: { count: number; store(conversation: ObjectId): Promise<ObjectId[]> };
}

/**
 * A customer's message lands in their live thread, in the one they left, or in a new one, and makes of its status what follows
 * (SPEC 1). Most land in a thread that only grows: that is one statement and the insert.
 */
export async function landMessage(act: Act, { inbox, identity, draft, files }: Arrival): Promise<Landed> {
  const grown = await bumpLiveThread(act, identity._id, draft, files.count);
  if (grown !== null) {
    act.foresee(grown.contact);
    const attachments = await files.store(grown._id);
    return { conversation: grown, message: await insertMessage(act, grown, { ...draft, attachments }) };
  }
  const { conversation: before } = await landingConversation(act, inbox, identity, {
    kind: 'contact',
    at: draft.orderAt,
  });
  const attachments = await files.store(before._id);
  const { conversation, message } = await addMessage(act, before, { ...draft, attachments });
  const status = statusAfterCustomer(before.status, Boolean(before.assignee));
  // What the message shows needs no line beside it; that a finished conversation begins again does.
  const data = { by: null, from: before.status, to: status };
  const line = status === 'reopened' ? { type: 'status', data } : null;
  return { conversation: await move(act, conversation, { status }, 'customer', line), message };
}
