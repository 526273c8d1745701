import { randomUUID } from 'node:crypto';
import { readConversation } from '../../commands/conversations/load-conversation.js';
import { raiseWatermarks } from '../../commands/inbound/receipts.js';
import { markRead } from '../../commands/messages/mark-read.js';
import { receiveMessage } from '../../commands/messages/receive-message.js';
import { sendMessage } from '../../commands/messages/send-message.js';
import { signalTyping } from '../../commands/messages/signal-typing.js';
import { notFound, validationError } from '../../errors.js';
import { ConversationModel } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import { presentForCustomer } from '../../presenters/customer-conversation.js';
import { loadMessageContext, presentForStaff } from '../../presenters/load-message-context.js';
import { presentCustomerMessage } from '../../presenters/message.js';
import { visitorConversation } from '../../reads/catch-up.js';
import { onStore } from '../../storage/in-transaction.js';
import { Chains } from '../../utils/chain.js';
import type { AgentHandlers, CustomerHandlers } from '../types.js';

export const messageHandlers = {
  send_message: async ({ hub, actor }, input) => {
    const { message } = await sendMessage(hub, actor, input);
    return { message: await presentForStaff(message, hub.env, hub.now()) };
  },
  typing: async ({ hub, actor }, { conversationId, isTyping }) => {
    const conversation = await readConversation(actor, conversationId, 'conversation.send');
    const user = { id: actor.userId, name: actor.name };
    hub.emitAfterCommit({ type: 'agent_typing', conversation, user, isTyping });
    void signalTyping(hub, conversation, isTyping);
    return null;
  },
  mark_read: async ({ hub, actor }, input) => ({ readCount: await markRead(hub, actor, input) }),
} satisfies Partial<AgentHandlers>;

const sends = new Chains();

export const customerMessageHandlers = {
  customer_message: async ({ hub, actor }, input) => {
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
    const message = presentCustomerMessage(received.message, context);
    if (message === null) throw new Error('what a visitor wrote is not for visitors');
    return { message, conversation: await presentForCustomer(received.conversation) };
  },
  customer_typing: async ({ hub, actor }, { isTyping }) => {
    const conversation = await visitorConversation(actor.identityId);
    if (conversation?.current) hub.emitAfterCommit({ type: 'contact_typing', conversation, isTyping });
    return null;
  },
  receipt: async ({ hub, actor }, input) => {
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
} satisfies Partial<CustomerHandlers>;
