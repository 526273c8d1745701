import mongoose from 'mongoose';
import type { InboundAttachment, InboundEvent } from '../../../channels/types.js';
import { recordEvents } from '../../events/record-event.js';
import { AttachmentModel, type Conversation } from '../../models/index.js';
import type { ConversationStatus } from '../../shared/conversation-status.js';
import { cleanLine } from '../../utils/clean-name.js';
import { addMessage } from '../add-message.js';
import { boundAttachments } from './bounds.js';
import { DONE, inboundOrder, type Applying, type Handler, type ObjectId } from './applying.js';
import { landingConversation } from './landing.js';

type MessageEvent = Extract<InboundEvent, { type: 'message' | 'postback' }>;

/** What a message of the customer makes of a conversation's status (SPEC 1); undefined: nothing. */
export function statusAfterContact(
  conversation: Pick<Conversation, 'status' | 'assignee'>,
): ConversationStatus | undefined {
  if (conversation.status === 'resolved') return 'reopened';
  if (conversation.status !== 'pending' && conversation.status !== 'snoozed') return undefined;
  return conversation.assignee ? 'in_progress' : 'open';
}

const labelled = (record: Record<string, string>) => Object.entries(record).map(([label, value]) => ({ label, value }));

/** A message or a tapped button of the contact lands in their thread, once. */
export const applyMessage: Handler<MessageEvent> = async (applying, event, stored) => {
  if ((await applying.byExternalId(event.externalId)) !== null) return DONE;
  const { hub, session, aftermath, inbox } = applying;
  const identity = await applying.identity();
  const orderAt = inboundOrder(event.occurredAt, stored.receivedAt);
  const landed = await landingConversation(hub, session, inbox, identity, { kind: 'contact', at: orderAt });

  const messageId = new mongoose.Types.ObjectId();
  const isMessage = event.type === 'message';
  const { kept, more } = boundAttachments(isMessage ? event.attachments : []);
  const attachments = await storeAttachments(applying, kept, messageId, landed.conversation._id);
  const status = statusAfterContact(landed.conversation);
  const { conversation, message } = await addMessage(
    session,
    landed.conversation,
    {
      _id: messageId,
      kind: isMessage ? 'message' : 'postback',
      senderType: 'contact',
      sender: identity.contact,
      senderKey: `identity:${String(identity._id)}`,
      orderAt,
      tieKey: event.externalId,
      text: isMessage ? event.text : event.title,
      payload: event.payload,
      attachments,
      ...(more > 0 ? { moreAttachments: more } : {}),
      replyTo: isMessage && event.replyToId !== null ? { message: null, externalId: event.replyToId } : null,
      context: labelled(event.context),
      standby: event.standby,
      externalIds: [event.externalId],
    },
    status === undefined ? {} : { status },
  );
  aftermath.note(conversation, { message, messageCreated: true, conversationCreated: landed.created });
  return DONE;
};

/** Makes a row for each attachment that is kept and owes the copying of each that has bytes. */
export async function storeAttachments(
  applying: Pick<Applying, 'hub' | 'session' | 'aftermath'>,
  attachments: InboundAttachment[],
  message: ObjectId,
  conversation: ObjectId,
): Promise<ObjectId[]> {
  if (attachments.length === 0) return [];
  const { hub, session, aftermath } = applying;
  const rows = await AttachmentModel.insertMany(
    boundAttachments(attachments).kept.map((attachment) => ({
      message,
      conversation,
      kind: attachment.kind,
      name: cleanLine(attachment.title ?? '') || attachment.kind,
      state: attachment.sourceUrl === null ? ('none' as const) : ('pending' as const),
      sourceUrl: attachment.sourceUrl,
      link: attachment.link,
      details: attachment.details,
      createdAt: new Date(hub.now()),
    })),
    { session },
  );
  const owing = await recordEvents(
    session,
    hub.consumers,
    rows
      .filter((row) => row.state === 'pending')
      .map((row) => ({
        type: 'attachment.received',
        conversation: String(conversation),
        data: { messageId: String(message), attachmentIds: [String(row._id)], host: hostOf(row.sourceUrl) },
      })),
  );
  for (const consumer of owing) aftermath.consumers.add(consumer);
  return rows.map((row) => row._id);
}

/** The host of an address, with its port; '' for what is no address, which nothing is fetched from. */
const hostOf = (address: string | null | undefined): string =>
  typeof address === 'string' && URL.canParse(address) ? new URL(address).host : '';
