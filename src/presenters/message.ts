import type { Attachment, Message } from '../models/index.js';
import { previewOf } from '../utils/preview.js';
import type { CustomerMessageDto, MessageDto, PartState, SenderDto } from '../shared/dto.js';
import { presentAttachment } from './attachment.js';

/** What a message's presentation needs besides the message; loaded for many at once by `loadMessageContext`. */
export interface MessageContext {
  secret: string;
  now: number;
  attachments: ReadonlyMap<string, Attachment>;
  /** Names of users by id. */
  userNames: ReadonlyMap<string, string>;
  /** Names of contacts by id. */
  contactNames: ReadonlyMap<string, string>;
  /** Messages that others answer, by our id and by platform id. */
  answered: ReadonlyMap<string, Message>;
}

/** Worst first: the state of a message with several parts (PROTOCOLS 7). */
const WORST: PartState[] = ['failed', 'unconfirmed', 'queued', 'sending', 'sent'];

/** The state of a message of ours; null for everything else. What a platform's own inbox wrote counts as sent. */
export function deliveryState(message: Message): PartState | null {
  if (message.kind !== 'message' || (message.senderType !== 'agent' && message.senderType !== 'bot')) return null;
  if (message.parts.length === 0) return 'sent';
  return WORST.find((state) => message.parts.some((part) => part.state === state)) ?? 'sent';
}

/** When the last part was accepted; null until all are. */
function acceptedAt(message: Message): number | null {
  if (deliveryState(message) !== 'sent') return null;
  if (message.parts.length === 0) return message.orderAt.getTime();
  return Math.max(...message.parts.map((part) => part.acceptedAt?.getTime() ?? message.orderAt.getTime()));
}

function sender(message: Message, context: MessageContext): SenderDto {
  const id = message.sender ? String(message.sender) : null;
  const names = message.senderType === 'contact' ? context.contactNames : context.userNames;
  const fallback = { contact: 'Visitor', agent: 'Team', bot: 'Bot', system: 'System' }[message.senderType];
  return { type: message.senderType, id, name: (id === null ? null : names.get(id)) ?? message.senderName ?? fallback };
}

function replyTo(message: Message, context: MessageContext): CustomerMessageDto['replyTo'] {
  if (!message.replyTo) return null;
  const key = message.replyTo.message ? String(message.replyTo.message) : (message.replyTo.externalId ?? '');
  const answered = context.answered.get(key);
  if (answered === undefined || answered.kind === 'note') return { messageId: null, preview: null };
  return { messageId: String(answered._id), preview: previewOf(answered.text, answered.attachments.length) };
}

function common(message: Message, context: MessageContext): Omit<CustomerMessageDto, 'kind'> {
  return {
    id: String(message._id),
    conversationId: String(message.conversation),
    seq: message.seq,
    rev: message.rev,
    orderAt: message.orderAt.getTime(),
    tieKey: message.tieKey,
    sender: sender(message, context),
    text: message.text ?? null,
    attachments: message.attachments.flatMap((id) => {
      const attachment = context.attachments.get(String(id));
      return attachment === undefined ? [] : [presentAttachment(attachment, context)];
    }),
    quickReplies: message.quickReplies.map(({ title, payload }) => ({ title, payload })),
    replyTo: replyTo(message, context),
    reactions: message.reactions.filter((reaction) => !reaction.removed).map(({ emoji, by }) => ({ emoji, by })),
    edited: message.editNumber > 0,
    unsent: Boolean(message.unsentAt),
    removed: message.absorbed,
    clientMessageId: message.clientMessageId ?? null,
  };
}

/** A message as staff see it. */
export function presentMessage(message: Message, context: MessageContext): MessageDto {
  const failed = message.parts.find((part) => part.error && (part.state === 'failed' || part.state === 'unconfirmed'));
  return {
    ...common(message, context),
    kind: message.kind,
    delivery: deliveryState(message),
    acceptedAt: acceptedAt(message),
    failure: failed?.error?.message ?? null,
    parts: message.parts.map(({ n, kind, state, error }) => ({
      n,
      kind,
      state,
      error: error?.message ?? null,
      fault: error ? { code: error.code ?? error.fault, params: {} } : null,
    })),
    moreAttachments: message.moreAttachments ?? 0,
    sentTwice: message.sentTwice,
    context: message.context.map(({ label, value }) => ({ label, value })),
    activity: message.activity
      ? { type: message.activity.type, data: message.activity.data as Record<string, string> }
      : null,
  };
}

/** Whether a customer may know that a message exists. */
export const isForCustomer = (message: Pick<Message, 'kind'>): boolean =>
  message.kind === 'message' || message.kind === 'postback';

/** A message as its own customer sees it: no delivery details, and of an agent only the first name. Null: not for customers. */
export function presentCustomerMessage(message: Message, context: MessageContext): CustomerMessageDto | null {
  if (message.kind !== 'message' && message.kind !== 'postback') return null;
  const shared = common(message, context);
  const staff = shared.sender.type === 'agent';
  const who = staff
    ? { ...shared.sender, id: null, name: shared.sender.name.split(' ')[0] ?? shared.sender.name }
    : shared.sender;
  const own = message.senderType === 'contact';
  return { ...shared, sender: who, clientMessageId: own ? shared.clientMessageId : null, kind: message.kind };
}
