import type { AttachmentKind } from '../../src/shared/words.js';
import { splitText } from '../../src/utils/split-text.js';
import type { OutboundPart } from '../types.js';
import { USER_REF } from './events.js';
import type { Json } from './fields.js';

/** Limits of the Send API and of its quick replies, in characters (Meta's page "Quick Replies"). */
export const QUICK_REPLY_TITLE = 20;
const QUICK_REPLY_PAYLOAD = 1_000;

/** Whom a call is for: a PSID, or the reference of a plugin. */
export function recipient(recipientId: string): Json {
  return recipientId.startsWith(USER_REF) ? { user_ref: recipientId.slice(USER_REF.length) } : { id: recipientId };
}

/** The body of a send (Send API reference). `attachmentId`: the upload of an attachment part. */
export function sendBody(part: OutboundPart): Json {
  const policy =
    part.policy === 'human_agent'
      ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
      : { messaging_type: 'RESPONSE' };
  const replyToId = part.content.kind === 'text' ? part.content.replyToId : null;
  return {
    recipient: recipient(part.recipientId),
    ...policy,
    ...(replyToId === null ? {} : { reply_to: { mid: replyToId } }),
    message: { ...messageContent(part.content), metadata: part.metadata },
  };
}

function messageContent(content: OutboundPart['content']): Json {
  if (content.kind === 'attachment') {
    const { kind, remoteId } = content.attachment;
    return { attachment: { type: attachmentType(kind), payload: { attachment_id: remoteId } } };
  }
  return {
    text: content.text,
    ...(content.quickReplies.length === 0 ? {} : { quick_replies: content.quickReplies.map(quickReply) }),
  };
}

function quickReply(reply: { title: string; payload: string }): Json {
  const title = splitText(reply.title.trim(), QUICK_REPLY_TITLE)[0] ?? reply.title;
  return { content_type: 'text', title, payload: (reply.payload || title).slice(0, QUICK_REPLY_PAYLOAD) };
}

/** Meta's type of a file that we send. */
export function attachmentType(kind: AttachmentKind): 'image' | 'video' | 'audio' | 'file' {
  if (kind === 'image' || kind === 'video' || kind === 'audio') return kind;
  return kind === 'sticker' ? 'image' : 'file';
}
