import type { AttachmentDto } from '../../../../src/shared/schemas/attachment.js';
import type { ConversationDto, ConversationRowDto } from '../../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../../src/shared/schemas/message.js';
import type { UserDto } from '../../../../src/shared/schemas/user.js';
import type { OutboxItem } from '../../../../web/inbox/logic/outbox.js';

export const ME: UserDto = {
  id: 'u1',
  name: 'Ida Berg',
  email: 'ida@example.test',
  role: 'agent',
  availability: 'available',
  active: true,
};

export function buildRow(id: string, change: Partial<ConversationRowDto> = {}): ConversationRowDto {
  return { ...buildConversation(id), readCount: 0, ...change };
}

export function buildConversation(id: string, change: Partial<ConversationDto> = {}): ConversationDto {
  return {
    id,
    number: `TKT-${id}`,
    inbox: { id: 'i1', name: 'Radhaus website', channel: 'web' },
    contact: {
      id: `contact-${id}`,
      name: `Contact ${id}`,
      email: null,
      phone: null,
      avatarUrl: null,
      blocked: false,
      toldBy: { name: 'contact', email: null, phone: null },
      lastSeenAt: null,
      page: null,
      attributes: {},
    },
    status: 'assigned',
    priority: 'normal',
    subject: null,
    labels: [],
    assignee: { id: ME.id, name: ME.name },
    current: true,
    previousConversationId: null,
    rev: 1,
    version: 1,
    lastMessage: { preview: 'Hello', note: false, senderType: 'contact', at: 1_000 },
    lastActivityAt: 1_000,
    createdAt: 500,
    contactMessageCount: 1,
    deliveredUpTo: 0,
    readUpTo: 0,
    teamReadUpTo: 0,
    reply: {
      windowMs: null,
      humanAgentMs: null,
      lastInboundAt: 1_000,
      blocked: false,
      disconnected: false,
      closed: false,
    },
    hold: null,
    threadOwner: null,
    ...change,
  };
}

export function buildMessage(id: string, change: Partial<MessageDto> = {}): MessageDto {
  const rev = change.rev ?? change.seq ?? 1;
  return {
    id,
    conversationId: 'c1',
    seq: rev,
    rev,
    orderAt: rev * 1_000,
    tieKey: id,
    kind: 'message',
    sender: { type: 'contact', id: 'contact-c1', name: 'Contact c1' },
    text: `Text of ${id}`,
    attachments: [],
    quickReplies: [],
    replyTo: null,
    reactions: [],
    edited: false,
    unsent: false,
    removed: false,
    clientMessageId: null,
    delivery: null,
    acceptedAt: null,
    failure: null,
    parts: [],
    moreAttachments: 0,
    sentTwice: false,
    context: [],
    activity: null,
    ...change,
  };
}

export function buildOutboxItem(id: string, change: Partial<OutboxItem> = {}): OutboxItem {
  return {
    id,
    conversationId: 'c1',
    text: `Text of ${id}`,
    attachments: [],
    note: false,
    replyTo: null,
    lastSeenRev: 1,
    force: false,
    createdAt: 1_000,
    state: 'waiting',
    error: null,
    tries: 0,
    notBefore: 0,
    ...change,
  };
}

export function buildAttachment(id: string, change: Partial<AttachmentDto> = {}): AttachmentDto {
  return {
    id,
    kind: 'file',
    name: `${id}.pdf`,
    mimeType: 'application/pdf',
    size: 1_234,
    state: 'stored',
    url: `/files/${id}`,
    link: null,
    details: [],
    ...change,
  };
}

/** A clock whose time and timers a test moves by hand. */
export class HandClock {
  now = 0;
  #timers: { at: number; run: () => void }[] = [];

  readonly schedule = (run: () => void, ms: number): (() => void) => {
    const timer = { at: this.now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((held) => held !== timer);
    };
  };

  /** Moves on by `ms` and runs what falls due, in order; promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.now = next.at;
      this.#timers = this.#timers.filter((held) => held !== next);
      next.run();
      await settle();
    }
    this.now = end;
  }
}

/** Lets everything run that is already settled. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Storage in memory. */
export class MemoryStorage {
  readonly #values = new Map<string, string>();
  getItem = (key: string): string | null => this.#values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.#values.set(key, value);
  removeItem = (key: string): void => void this.#values.delete(key);
}
