import type { ClientSession } from 'mongoose';
import type { InboundEvent } from '../../../channels/types.js';
import { AttachmentModel, ConversationModel, type Conversation, type Message } from '../../models/index.js';
import { previewOf } from '../../utils/preview.js';
import { NOBODY } from '../files/sweep-uploads.js';
import { changeMessage, type MessageUpdate } from '../messages/change-message.js';
import { DONE, type Applying, type Handler, type Outcome } from './applying.js';

type Reaction = Extract<InboundEvent, { type: 'reaction' }>;
type Edit = Extract<InboundEvent, { type: 'edit' }>;
type Unsend = Extract<InboundEvent, { type: 'unsend' }>;

/** Applies a change to the message it is about, or lets it wait until that message is known (PROTOCOLS 6). */
async function onTarget(
  applying: Applying,
  targetId: string,
  decide: (message: Message) => MessageUpdate | null,
): Promise<Outcome> {
  const message = await applying.byExternalId(targetId);
  if (message === null) return { kind: 'waiting', for: targetId };
  const change = decide(message);
  if (change === null) return DONE;
  const changed = await changeMessage(applying.act, message, 'content', change);
  await followPreview(applying, changed.conversation, changed.message);
  return DONE;
}

/** The conversation's row shows its last message as it reads now: what was taken back must not go on standing there. */
async function followPreview(
  { act }: Applying,
  conversation: Conversation,
  { _id, text, attachments }: Message,
): Promise<void> {
  const preview = previewOf(text, attachments.length);
  const shown = conversation.lastMessage;
  if (!shown?.message.equals(_id) || shown.preview === preview) return;
  const update = { $set: { 'lastMessage.preview': preview } };
  await ConversationModel.updateOne({ _id: conversation._id }, update, { session: act.session });
  act.show({ ...conversation, lastMessage: { ...shown, preview } });
}

/** One reaction per person; the later one wins, and a removed one stays as a tombstone. */
export const applyReaction: Handler<Reaction> = async (applying, event) => {
  if (event.action === 'react') await applying.identity();
  return onTarget(applying, event.targetId, (message) => {
    const at = new Date(event.occurredAt);
    const earlier = message.reactions.find((reaction) => reaction.by === 'contact');
    if (earlier !== undefined && earlier.at >= at) return null;
    const others = message.reactions.filter((reaction) => reaction.by !== 'contact');
    const own = { by: 'contact' as const, emoji: event.emoji, at, removed: event.action === 'unreact' };
    return { $set: { reactions: [...others, own] } };
  });
};

/** The edit with the highest number wins; what was taken back stays taken back. */
export const applyEdit: Handler<Edit> = (applying, event) =>
  onTarget(applying, event.targetId, (message) =>
    message.unsentAt || event.editNumber <= message.editNumber
      ? null
      : { $set: { text: event.text, editNumber: event.editNumber } },
  );

/** The words and files disappear, the place in the thread stays. */
export const applyUnsend: Handler<Unsend> = async (applying, event) => {
  let files: Message['attachments'] = [];
  const outcome = await onTarget(applying, event.targetId, (message) => {
    if (message.unsentAt) return null;
    // What we sent ourselves may have parts that still need theirs.
    files = message.parts.length === 0 ? message.attachments : [];
    return {
      $set: {
        unsentAt: new Date(event.occurredAt),
        text: null,
        payload: null,
        attachments: [],
        moreAttachments: 0,
        quickReplies: [],
        // An edit that comes late changes nothing, so one that came before leaves no trace either.
        editNumber: 0,
      },
    };
  });
  if (files.length > 0) await forgetFiles(applying.act.session, files);
  return outcome;
};

/** Gives files to the sweep: from now on nobody is served them, and their bytes go. */
async function forgetFiles(session: ClientSession, files: Message['attachments']): Promise<void> {
  const nobodys = { message: null, conversation: null, owner: NOBODY, state: 'failed' } as const;
  await AttachmentModel.updateMany({ _id: { $in: files } }, { $set: nobodys }, { session });
}
