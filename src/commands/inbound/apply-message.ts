import mongoose from 'mongoose';
import type { InboundAttachment, InboundEvent } from '../../../channels/types.js';
import { AttachmentModel } from '../../models/index.js';
import type { Act } from '../act.js';
import { landMessage } from '../messages/land-message.js';
import { cleanLine } from '../../shared/clean-name.js';
import { boundAttachments } from './bounds.js';
import { DONE, inboundOrder, type Handler, type ObjectId } from './applying.js';

type MessageEvent = Extract<InboundEvent, { type: 'message' | 'postback' }>;

const labelled = (record: Record<string, string>) => Object.entries(record).map(([label, value]) => ({ label, value }));

/** A message or a tapped button of the contact lands in their thread, once. */
export const applyMessage: Handler<MessageEvent> = async (applying, event, stored) => {
  const { act, inbox } = applying;
  // The platform seldom tells twice: a repeat makes the insert fail, and the next run finds it.
  if (act.run > 1 && (await applying.byExternalId(event.externalId)) !== null) return DONE;
  const identity = await applying.identity();
  const messageId = new mongoose.Types.ObjectId();
  const isMessage = event.type === 'message';
  const { kept, more } = boundAttachments(isMessage ? event.attachments : []);
  await landMessage(act, {
    inbox,
    identity,
    draft: {
      _id: messageId,
      kind: isMessage ? 'message' : 'postback',
      senderType: 'contact',
      sender: identity.contact,
      senderKey: `identity:${String(identity._id)}`,
      orderAt: inboundOrder(event.occurredAt, stored.receivedAt),
      tieKey: event.externalId,
      text: isMessage ? event.text : event.title,
      payload: event.payload,
      ...(more > 0 ? { moreAttachments: more } : {}),
      replyTo: isMessage && event.replyToId !== null ? { message: null, externalId: event.replyToId } : null,
      context: labelled(event.context),
      standby: event.standby,
      externalIds: [event.externalId],
    },
    files: {
      count: kept.length,
      store: (conversation) => storeAttachments(act, kept, messageId, conversation),
    },
  });
  return DONE;
};

/** Makes a row for each attachment that is kept and owes the copying of each that has bytes. */
export async function storeAttachments(
  act: Act,
  attachments: InboundAttachment[],
  message: ObjectId,
  conversation: ObjectId,
): Promise<ObjectId[]> {
  if (attachments.length === 0) return [];
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
      createdAt: act.now,
    })),
    { session: act.session },
  );
  for (const { _id, sourceUrl } of rows.filter((row) => row.state === 'pending')) {
    const data = { message: String(message), attachment: String(_id), host: hostOf(sourceUrl) };
    act.record({ type: 'attachment.received', conversation: String(conversation), rev: null, data });
  }
  return rows.map((row) => row._id);
}

/** The host of an address, with its port; '' for what is no address, which nothing is fetched from. */
const hostOf = (address: string | null | undefined): string =>
  typeof address === 'string' && URL.canParse(address) ? new URL(address).host : '';
