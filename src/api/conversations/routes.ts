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
import { id, idParams } from '../../shared/schemas/basics.js';
import {
  assignInput,
  conversationRowDto,
  oneConversation,
  readAnswer,
  readInput,
  statusInput,
} from '../../shared/schemas/conversation.js';
import { oneMessage, sendMessageInput } from '../../shared/schemas/message.js';
import { threadPage, threadQuery } from '../../shared/schemas/sync.js';
import { listPage, listQuery } from '../../shared/schemas/view.js';
import { defineRoute, type Route } from '../route.js';

/** Conversations for the team (SPEC 12). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/conversations',
    access: 'staff',
    ability: 'conversation.view',
    rate: 'sync',
    summary: 'List the conversations of a view, newest activity first',
    input: { query: listQuery },
    output: listPage,
    handle: async ({ hub, actor, input: { query } }) => {
      const { view: kind, done, cursor, limit, ...rest } = query;
      const filter = filterOfView(actor, { kind, done: done === '1', ...rest });
      const [found, counts] = await Promise.all([pageOfView(filter, cursor, limit), countViews(actor)]);
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
    input: { params: idParams, query: threadQuery },
    output: threadPage,
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
    output: oneMessage,
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
    input: { params: idParams.extend({ messageId: id }) },
    output: oneMessage,
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
    input: { params: idParams, body: readInput },
    output: readAnswer,
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
    input: { params: idParams, body: assignInput },
    output: oneConversation,
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
    input: { params: idParams, body: statusInput },
    output: oneConversation,
    handle: async ({ hub, actor, input }) => {
      const conversation = await changeStatus(hub, actor, { conversationId: input.params.id, ...input.body });
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
];
