import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { notFound, validationError } from '../errors.js';
import { ConversationModel, type Conversation, type Message } from '../models/index.js';
import { authorize } from '../policies/authorize.js';
import type { ConversationAbility, StaffActor } from '../policies/index.js';
import type { ConversationStatus } from '../shared/conversation-status.js';
import { LIMITS } from '../shared/limits.js';
import { onStore } from '../storage/in-transaction.js';
import { Chains } from '../utils/chain.js';
import { assignConversation } from './assign-conversation.js';
import type { Hub } from './hub.js';
import { changeStatus } from './change-status.js';
import { sendMessage } from './send-message.js';

const id = z.string().regex(/^[0-9a-f]{24}$/i, 'is not an id');
const rev = z.number().int().min(0);

/** What a message may carry; the same for REST and sockets. */
export const sendMessageInput = z.strictObject({
  text: z.string().max(LIMITS.messageText).optional(),
  clientMessageId: z.string().min(1).max(LIMITS.clientMessageId).optional(),
  attachmentIds: z.array(id).max(LIMITS.filesPerMessage).optional(),
  note: z.boolean().optional(),
  replyToMessageId: id.optional(),
  quickReplies: z
    .array(z.strictObject({ title: z.string().min(1).max(40), payload: z.string().min(1).max(1_000) }))
    .max(13)
    .optional(),
  lastSeenRev: rev.optional(),
  force: z.boolean().optional(),
});

const sends = new Chains();

/** Sends as a member of the team; the sends of one person to one conversation run one after the other (PROTOCOLS 3). */
export async function sendAs(
  hub: Hub,
  actor: StaffActor,
  conversationId: string,
  input: z.output<typeof sendMessageInput>,
): Promise<Message> {
  const text = input.text?.trim() === '' ? null : (input.text ?? null);
  const attachmentIds = input.attachmentIds ?? [];
  if (text === null && attachmentIds.length === 0) {
    throw validationError([{ field: 'text', message: 'Write something or attach a file.' }]);
  }
  const { message } = await sends.run(`${actor.userId}:${conversationId}`, () =>
    sendMessage(hub, {
      conversationId,
      user: { id: actor.userId, name: actor.name },
      text,
      clientMessageId: input.clientMessageId ?? randomUUID(),
      attachmentIds,
      note: input.note ?? false,
      replyToMessageId: input.replyToMessageId ?? null,
      quickReplies: input.quickReplies ?? [],
      lastSeenRev: input.lastSeenRev ?? null,
      force: input.force ?? false,
      authorize: (conversation) =>
        authorize(actor, input.note ? 'conversation.note' : 'conversation.send', conversation),
    }),
  );
  return message;
}

/** Assigns, or claims when the caller takes an unassigned one; the policy decides on the conversation as it is then. */
export const assignAs = (
  hub: Hub,
  actor: StaffActor,
  conversationId: string,
  assigneeId: string | null,
): Promise<Conversation> =>
  assignConversation(hub, {
    conversationId,
    assigneeId,
    by: { id: actor.userId, name: actor.name },
    authorize: (conversation) => {
      const claims = assigneeId === actor.userId && !conversation.assignee;
      authorize(actor, claims ? 'conversation.claim' : 'conversation.assign', conversation);
    },
  });

/** A conversation that the caller may deal with. @throws AppError 404, 403. */
export async function loadAuthorized(
  actor: StaffActor,
  conversationId: string,
  ability: ConversationAbility,
): Promise<Conversation> {
  const conversation = await onStore(ConversationModel.findById(conversationId).lean().exec());
  if (conversation === null) throw notFound('This conversation');
  authorize(actor, ability, conversation);
  return conversation;
}

/** Moves the status as a member of the team. */
export const changeStatusAs = (
  hub: Hub,
  actor: StaffActor,
  conversationId: string,
  status: ConversationStatus,
): Promise<Conversation> =>
  changeStatus(hub, {
    conversationId,
    status,
    by: { name: actor.name },
    authorize: (conversation) => authorize(actor, 'conversation.changeStatus', conversation),
  });
