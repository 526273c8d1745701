import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { endVisitorSession } from '../commands/end-visitor-tokens.js';
import type { Hub } from '../commands/hub.js';
import { raiseWatermarks } from '../commands/inbound/receipts.js';
import { receiveMessage } from '../commands/messages/receive-message.js';
import { notFound, validationError } from '../errors.js';
import { ConversationModel } from '../models/index.js';
import { authorize } from '../policies/authorize.js';
import type { VisitorActor } from '../policies/index.js';
import { presentForCustomer } from '../presenters/customer-conversation.js';
import { loadMessageContext } from '../presenters/load-message-context.js';
import { presentCustomerMessage } from '../presenters/message.js';
import { syncCustomer, visitorConversation } from '../reads/catch-up.js';
import { LIMITS } from '../shared/limits.js';
import { onStore } from '../storage/in-transaction.js';
import { Chains } from '../utils/chain.js';
import { defineCall, type SocketCall } from './socket-call.js';

import type { CustomerSocket } from './types.js';

/** A visitor on an authenticated socket. */
export interface CustomerCaller {
  hub: Hub;
  actor: VisitorActor;
  socket: CustomerSocket;
}

const id = z.string().regex(/^[0-9a-f]{24}$/i, 'is not an id');
const moment = z.number().int().min(0);
const sends = new Chains();

/** Every event a visitor may send, besides `customer_connect`. */
export const customerCalls: Record<string, SocketCall<CustomerCaller>> = {
  customer_message: defineCall({
    ability: 'conversation.send',
    rate: 'messages',
    input: z.strictObject({
      text: z.string().max(LIMITS.messageText).optional(),
      clientMessageId: z.string().min(1).max(LIMITS.clientMessageId).optional(),
      attachmentIds: z.array(id).max(LIMITS.filesPerMessage).optional(),
      replyToMessageId: id.optional(),
      payload: z.string().max(1_000).optional(),
    }),
    reply: 'message_sent',
    handle: async ({ hub, actor }: CustomerCaller, input) => {
      const text = input.text?.trim() === '' ? null : (input.text ?? null);
      const attachmentIds = input.attachmentIds ?? [];
      if (text === null && attachmentIds.length === 0) {
        throw validationError([{ field: 'text', message: 'Write something or attach a file.' }]);
      }
      const received = await sends.run(actor.identityId, () =>
        receiveMessage(hub, actor, {
          text,
          clientMessageId: input.clientMessageId ?? randomUUID(),
          attachmentIds,
          replyToMessageId: input.replyToMessageId ?? null,
          payload: input.payload ?? null,
        }),
      );
      const context = await loadMessageContext([received.message], hub.env, hub.now());
      return {
        message: presentCustomerMessage(received.message, context),
        conversation: await presentForCustomer(received.conversation),
      };
    },
  }),
  customer_typing: defineCall({
    ability: 'conversation.send',
    rate: 'typing',
    input: z.strictObject({ isTyping: z.boolean() }),
    handle: async ({ hub, actor }: CustomerCaller, { isTyping }) => {
      const conversation = await visitorConversation(actor.identityId);
      if (conversation?.current) hub.emitAfterCommit({ type: 'contact_typing', conversation, isTyping });
      return null;
    },
  }),
  customer_disconnect: defineCall({
    ability: 'conversation.view',
    input: z.strictObject({}),
    handle: ({ socket }: CustomerCaller) => {
      setImmediate(() => socket.disconnect(true));
      return Promise.resolve(null);
    },
  }),
  end_session: defineCall({
    ability: 'visit.end',
    input: z.strictObject({}),
    handle: async ({ hub, actor }: CustomerCaller) => {
      await endVisitorSession(hub, actor);
      return null;
    },
  }),
  sync: defineCall({
    ability: 'conversation.view',
    rate: 'sync',
    input: z.strictObject({ conversationId: id.nullable(), rev: z.number().int().min(0) }),
    handle: ({ hub, actor }: CustomerCaller, input) => syncCustomer(hub, actor, input.conversationId, input.rev),
  }),
  receipt: defineCall({
    ability: 'conversation.read',
    input: z.strictObject({ conversationId: id, deliveredUpTo: moment.optional(), readUpTo: moment.optional() }),
    handle: async ({ hub, actor }: CustomerCaller, input) => {
      const conversation = await onStore(ConversationModel.findById(input.conversationId).lean().exec());
      if (conversation === null) throw notFound('This conversation');
      authorize(actor, 'conversation.read', conversation);
      // A client's clock decides nothing: no receipt goes beyond what we have sent.
      const newest = conversation.lastOurOrderAt?.getTime() ?? 0;
      await raiseWatermarks(hub, actor.identityId, {
        deliveredUpTo: Math.min(input.deliveredUpTo ?? 0, newest),
        readUpTo: Math.min(input.readUpTo ?? 0, newest),
      });
      return null;
    },
  }),
};
