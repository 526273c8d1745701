import type { Change } from '../events/change.js';
import type { Conversation, Message } from '../models/index.js';
import type { Hub } from './hub.js';

type ConversationChange = Extract<Change, { type: 'conversation' }>;

/**
 * What a transaction has to tell once it is committed: changes for sockets, hints for workers. Born inside `fn`, because `fn` may
 * run several times; told after the commit, best effort.
 */
export class Aftermath {
  readonly consumers = new Set<string>();
  readonly outbound = new Set<string>();
  readonly #changes = new Map<string, ConversationChange>();

  /** Notes the conversation as it is now, and what happened to it. */
  note(
    conversation: Conversation,
    what: {
      message?: Message;
      messageCreated?: boolean;
      conversationCreated?: boolean;
      previousAssignee?: string | null;
    } = {},
  ): void {
    const key = String(conversation._id);
    const known = this.#changes.get(key) ?? { type: 'conversation', conversation, created: false, messages: [] };
    known.conversation = conversation;
    if (what.conversationCreated === true) known.created = true;
    if (what.previousAssignee !== undefined) known.previousAssignee = what.previousAssignee;
    if (what.message !== undefined) {
      const message = what.message;
      const earlier = known.messages.find((entry) => String(entry.message._id) === String(message._id));
      if (earlier === undefined) known.messages.push({ message, created: what.messageCreated ?? false });
      else earlier.message = message;
    }
    this.#changes.set(key, known);
  }

  get changes(): Change[] {
    return [...this.#changes.values()];
  }

  tell(hub: Hub): void {
    for (const change of this.changes) hub.emitAfterCommit(change);
    for (const consumer of this.consumers) hub.hints.consumer(consumer);
    for (const conversation of this.outbound) hub.hints.outbound(conversation);
  }
}
