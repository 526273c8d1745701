import { z } from 'zod';
import { markRead } from '../../commands/mark-read.js';
import { resendMessage } from '../../commands/resend-message.js';
import { assignAs, changeStatusAs, loadAuthorized, sendAs, sendMessageInput } from '../../commands/staff-acts.js';
import { authorize } from '../../policies/authorize.js';
import { presentConversation, presentRows } from '../../presenters/conversation.js';
import { loadMessageContext, presentForStaff } from '../../presenters/load-message-context.js';
import { presentMessage } from '../../presenters/message.js';
import { authorizeView, countViews } from '../../reads/catch-up.js';
import { pageOfThread, pageOfView } from '../../reads/pages.js';
import { CONVERSATION_STATUSES } from '../../shared/conversation-status.js';
import { LIMITS } from '../../shared/limits.js';
import { defineRoute, idParams, objectId, type Route } from '../route.js';
import { conversationDto, conversationRowDto, messageDto } from './dto-schemas.js';

const limit = z.coerce.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPageDefault);
const cursor = z.string().max(500).exactOptional();

/** Conversations for the team (SPEC 12). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/conversations',
    access: 'staff',
    ability: 'conversation.view',
    act: 'sync',
    summary: 'List the conversations of a view, newest activity first',
    input: {
      query: z
        .strictObject({
          view: z.enum(['mine', 'unassigned', 'inbox']).default('mine'),
          inboxId: objectId.exactOptional(),
          done: z.enum(['0', '1']).default('0'),
          cursor,
          limit,
        })
        .refine((query) => query.view === 'mine' || query.inboxId !== undefined, {
          message: 'is needed for this view',
          path: ['inboxId'],
        }),
    },
    output: z.strictObject({
      items: z.array(conversationRowDto),
      cursor: z.string().nullable(),
      counts: z.strictObject({ mine: z.number().int(), unassigned: z.record(z.string(), z.number().int()) }),
    }),
    handle: async ({ hub, actor, input: { query } }) => {
      const view = { kind: query.view, inboxId: query.inboxId, done: query.done === '1' };
      authorizeView(actor, view);
      const [found, counts] = await Promise.all([
        pageOfView(view, actor.userId, query.cursor, query.limit),
        countViews(actor),
      ]);
      return { items: await presentRows(hub, found.rows, actor.userId), cursor: found.cursor, counts };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/conversations/:id',
    access: 'staff',
    ability: 'conversation.view',
    act: 'sync',
    summary: 'One conversation',
    input: { params: idParams },
    output: z.strictObject({ conversation: conversationRowDto }),
    handle: async ({ hub, actor, input }) => {
      const conversation = await loadAuthorized(actor, input.params.id, 'conversation.view');
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
    act: 'sync',
    summary: 'Messages of a conversation in reading order; the newest page first, `before` asks for older ones',
    input: { params: idParams, query: z.strictObject({ before: cursor, limit }) },
    output: z.strictObject({ items: z.array(messageDto), cursor: z.string().nullable(), rev: z.number().int() }),
    handle: async ({ hub, actor, input: { params, query } }) => {
      const conversation = await loadAuthorized(actor, params.id, 'conversation.view');
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
    act: 'messages',
    summary: 'Answer, or add a note',
    input: { params: idParams, body: sendMessageInput },
    output: z.strictObject({ message: messageDto }),
    handle: async ({ hub, actor, input: { params, body }, request }) => {
      // Even a process that died after the message was stored leaves its repeat no second one.
      const once = request.repeatId === null ? body : { clientMessageId: request.repeatId, ...body };
      return { message: await presentForStaff(await sendAs(hub, actor, params.id, once), hub.env, hub.now()) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/messages/:messageId/retry',
    access: 'staff',
    ability: 'conversation.send',
    act: 'messages',
    summary: 'Send a failed or unconfirmed message again',
    input: { params: z.strictObject({ id: objectId, messageId: objectId }) },
    output: z.strictObject({ message: messageDto }),
    handle: async ({ hub, actor, input: { params } }) => {
      const message = await resendMessage(hub, {
        conversationId: params.id,
        messageId: params.messageId,
        authorize: (conversation) => authorize(actor, 'conversation.send', conversation),
      });
      return { message: await presentForStaff(message, hub.env, hub.now()) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/read',
    access: 'staff',
    ability: 'conversation.read',
    act: 'other',
    summary: 'Note how far the caller has read',
    input: { params: idParams, body: z.strictObject({ rev: z.number().int().min(0) }) },
    output: z.strictObject({ readCount: z.number().int() }),
    handle: async ({ hub, actor, input }) => {
      const conversation = await loadAuthorized(actor, input.params.id, 'conversation.read');
      return { readCount: await markRead(hub, { conversation, userId: actor.userId, rev: input.body.rev }) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/assign',
    access: 'staff',
    ability: 'conversation.assign',
    act: 'other',
    summary: 'Give the conversation to somebody, or back to the queue',
    input: { params: idParams, body: z.strictObject({ assigneeId: objectId.nullable() }) },
    output: z.strictObject({ conversation: conversationDto }),
    handle: async ({ hub, actor, input }) => {
      const conversation = await assignAs(hub, actor, input.params.id, input.body.assigneeId);
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/status',
    access: 'staff',
    ability: 'conversation.changeStatus',
    act: 'other',
    summary: 'Move the conversation to another status',
    input: { params: idParams, body: z.strictObject({ status: z.enum(CONVERSATION_STATUSES) }) },
    output: z.strictObject({ conversation: conversationDto }),
    handle: async ({ hub, actor, input }) => {
      const conversation = await changeStatusAs(hub, actor, input.params.id, input.body.status);
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
];
