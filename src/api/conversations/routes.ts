import { z } from 'zod';
import { assignConversation } from '../../commands/conversations/assign-conversation.js';
import { changeStatus } from '../../commands/conversations/change-status.js';
import { readConversation } from '../../commands/conversations/load-conversation.js';
import { markRead } from '../../commands/messages/mark-read.js';
import { resendMessage } from '../../commands/messages/resend-message.js';
import { sendMessage } from '../../commands/messages/send-message.js';
import { presentConversation, presentRows } from '../../presenters/conversation.js';
import { loadMessageContext, presentForStaff } from '../../presenters/load-message-context.js';
import { presentMessage } from '../../presenters/message.js';
import { pageOfThread, pageOfView } from '../../reads/pages.js';
import { countViews, filterOfView } from '../../reads/views.js';
import { placeViewOf } from '../../shared/conversation-rights.js';
import { CONVERSATION_STATUSES } from '../../shared/conversation-status.js';
import { LIMITS } from '../../shared/limits.js';
import { sendMessageInput } from '../../shared/schemas/message.js';
import { defineRoute, idParams, objectId, type Route } from '../route.js';
import { conversationDto, conversationRowDto, messageDto, viewCountsDto } from './dto-schemas.js';

const limit = z.coerce.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPageDefault);
const cursor = z.string().max(500).exactOptional();

/** Conversations for the team (SPEC 12). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/conversations',
    access: 'staff',
    ability: 'conversation.view',
    rate: 'sync',
    summary: 'List the conversations of a view, newest activity first',
    input: {
      query: z
        .strictObject({
          view: z.enum(['mine', 'unassigned', 'inbox', 'team']).default('mine'),
          inboxId: objectId.exactOptional(),
          teamId: objectId.exactOptional(),
          done: z.enum(['0', '1']).default('0'),
          cursor,
          limit,
        })
        .refine(({ view: kind, inboxId, teamId }) => placeViewOf({ kind, inboxId, teamId }) !== null, {
          message: 'is needed for this view, or a teamId',
          path: ['inboxId'],
        }),
    },
    output: z.strictObject({
      items: z.array(conversationRowDto),
      cursor: z.string().nullable(),
      counts: viewCountsDto,
    }),
    handle: async ({ hub, actor, input: { query } }) => {
      const { view: kind, inboxId, teamId, done } = query;
      const filter = filterOfView(actor, { kind, inboxId, teamId, done: done === '1' });
      const [found, counts] = await Promise.all([pageOfView(filter, query.cursor, query.limit), countViews(actor)]);
      return { items: await presentRows(hub, found.rows, actor.userId), cursor: found.cursor, counts };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/conversations/:id',
    access: 'staff',
    ability: 'conversation.view',
    rate: 'sync',
    summary: 'One conversation',
    input: { params: idParams },
    output: z.strictObject({ conversation: conversationRowDto }),
    handle: async ({ hub, actor, input }) => {
      const conversation = await readConversation(actor, input.params.id);
      const [row] = await presentRows(hub, [conversation], actor.userId);
      if (row === undefined) throw new Error('nothing was presented');
      return { conversation: row };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/conversations/:id/messages',
    access: 'staff',
    ability: 'conversation.view',
    rate: 'sync',
    summary: 'Messages of a conversation in reading order; the newest page first, `before` asks for older ones',
    input: { params: idParams, query: z.strictObject({ before: cursor, limit }) },
    output: z.strictObject({ items: z.array(messageDto), cursor: z.string().nullable(), rev: z.number().int() }),
    handle: async ({ hub, actor, input: { params, query } }) => {
      const conversation = await readConversation(actor, params.id);
      const found = await pageOfThread(params.id, query.before, query.limit);
      const context = await loadMessageContext(found.rows, hub.env, hub.now());
      return {
        items: found.rows.map((row) => presentMessage(row, context)),
        cursor: found.cursor,
        rev: conversation.rev,
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/messages',
    access: 'staff',
    ability: 'conversation.send',
    rate: 'messages',
    summary: 'Answer, or add a note',
    input: { params: idParams, body: sendMessageInput },
    output: z.strictObject({ message: messageDto }),
    handle: async ({ hub, actor, input: { params, body }, request }) => {
      // Even a process that died after the message was stored leaves its repeat no second one.
      const once = request.repeatId === null ? body : { clientMessageId: request.repeatId, ...body };
      const { message } = await sendMessage(hub, actor, { ...once, conversationId: params.id });
      return { message: await presentForStaff(message, hub.env, hub.now()) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/messages/:messageId/retry',
    access: 'staff',
    ability: 'conversation.send',
    rate: 'messages',
    summary: 'Send a failed or unconfirmed message again',
    input: { params: z.strictObject({ id: objectId, messageId: objectId }) },
    output: z.strictObject({ message: messageDto }),
    handle: async ({ hub, actor, input: { params } }) => {
      const message = await resendMessage(hub, actor, { conversationId: params.id, messageId: params.messageId });
      return { message: await presentForStaff(message, hub.env, hub.now()) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/read',
    access: 'staff',
    ability: 'conversation.read',
    rate: 'other',
    summary: 'Note how far the caller has read',
    input: { params: idParams, body: z.strictObject({ rev: z.number().int().min(0) }) },
    output: z.strictObject({ readCount: z.number().int() }),
    handle: async ({ hub, actor, input }) => ({
      readCount: await markRead(hub, actor, { conversationId: input.params.id, rev: input.body.rev }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/assign',
    access: 'staff',
    ability: 'conversation.assign',
    rate: 'other',
    summary: 'Give the conversation to somebody, or back to the queue',
    input: { params: idParams, body: z.strictObject({ assigneeId: objectId.nullable() }) },
    output: z.strictObject({ conversation: conversationDto }),
    handle: async ({ hub, actor, input }) => {
      const conversation = await assignConversation(hub, actor, { conversationId: input.params.id, ...input.body });
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/status',
    access: 'staff',
    ability: 'conversation.changeStatus',
    rate: 'other',
    summary: 'Move the conversation to another status',
    input: { params: idParams, body: z.strictObject({ status: z.enum(CONVERSATION_STATUSES) }) },
    output: z.strictObject({ conversation: conversationDto }),
    handle: async ({ hub, actor, input }) => {
      const conversation = await changeStatus(hub, actor, { conversationId: input.params.id, ...input.body });
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
];
