import {
  AttachmentModel,
  ContactIdentityModel,
  ContactModel,
  InboxModel,
  MessageModel,
  type Attachment,
  type Inbox,
  type Message,
  type MessagePart,
} from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';
import { adapterOf } from '../inboxes/channel-context.js';
import type { Attempt } from './attempt.js';

/**
 * Reads all that the next step of a message is about, in two round trips.
 * @param part the first that is not done yet.
 * @returns null: its inbox is gone.
 * @throws AppError 503; Error when the inbox's channel is gone.
 */
export async function resolveAttempt(hub: Hub, message: Message, part: MessagePart): Promise<Attempt | null> {
  const [inbox, recipient, file, replyToId] = await onStore(
    Promise.all([
      InboxModel.findById(message.inbox).lean().exec(),
      recipientOfStep(message),
      part.attachment ? AttachmentModel.findById(part.attachment).lean().exec() : null,
      part.n === 0 ? replyTarget(message) : null,
    ]),
  );
  if (inbox === null) return null;
  const content = file === null ? textContent(message, part, replyToId) : fileContent(hub, inbox, file);
  return { hub, message, part, inbox, channel: adapterOf(hub, inbox), ...recipient, file, content };
}

async function recipientOfStep(message: Message): Promise<Pick<Attempt, 'identity' | 'contact'>> {
  const identity = await ContactIdentityModel.findById(message.identity).lean().exec();
  return { identity, contact: identity && (await ContactModel.findById(identity.contact, 'blocked').lean().exec()) };
}

async function replyTarget(message: Message): Promise<string | null> {
  const target = message.replyTo?.message;
  if (!target) return null;
  const answered = await MessageModel.findById(target, 'externalIds').lean().exec();
  return answered?.externalIds?.[0] ?? null;
}

function textContent(message: Message, part: MessagePart, replyToId: string | null): Attempt['content'] {
  const lastText = message.parts.filter((candidate) => candidate.kind === 'text').at(-1);
  const quickReplies = lastText?.n === part.n ? message.quickReplies : [];
  return {
    kind: 'text',
    text: part.text ?? '',
    quickReplies: quickReplies.map(({ title, payload }) => ({ title, payload })),
    replyToId,
  };
}

function fileContent(hub: Hub, inbox: Inbox, file: Attachment): Attempt['content'] {
  const usable = file.remotes.find((entry) => entry.inbox.equals(inbox._id) && entry.expiresAt.getTime() > hub.now());
  return {
    kind: 'attachment',
    attachment: {
      kind: file.kind,
      name: file.name,
      mimeType: file.mimeType ?? 'application/octet-stream',
      size: file.size ?? 0,
      remoteId: usable?.remoteId ?? null,
      open: () => hub.blobs.open(file.blobKey ?? ''),
    },
  };
}
