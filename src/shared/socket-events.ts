import type {
  ApiError,
  Availability,
  ConversationDto,
  ConversationRowDto,
  CustomerConversationDto,
  CustomerMessageDto,
  MessageDto,
  UserDto,
} from './dto.js';
import type { ConversationStatus } from './conversation-status.js';

/** The one catalogue of socket events, both directions and both namespaces (SPEC 13, DESIGN 8). */

/** What every client event is answered with. */
export type Ack<T> = { ok: true; data: T } | { ok: false; error: ApiError };
type Answer<T> = (ack: Ack<T>) => void;

/**
 * A list view: `mine`; what nobody holds in the queue of one inbox or of one team; all of one inbox or one team. `done` shows
 * resolved and closed ones instead.
 */
export interface ListView {
  kind: 'mine' | 'unassigned' | 'inbox' | 'team';
  /** One of the two unless `mine`. */
  inboxId?: string | undefined;
  teamId?: string | undefined;
  done?: boolean | undefined;
}

/** What changed in a thread since a revision. `rev` is the new cursor; `more`: ask again with it. */
export interface ThreadSync {
  conversation: ConversationRowDto;
  messages: MessageDto[];
  rev: number;
  more: boolean;
}

/** How many active conversations wait: the reader's own, and what nobody holds, by inbox and by team. Folded, so seconds old. */
export interface ViewCounts {
  mine: number;
  unassigned: Record<string, number>;
  unassignedOfTeams: Record<string, number>;
}

/** The true state of a view's first rows: ids in order, rows that differ from what the client named, and counts. */
export interface ListSync {
  ids: string[];
  changed: ConversationRowDto[];
  counts: ViewCounts;
  /** Moves when the user's rights change; a client that sees another value than before reloads everything. */
  scopeRev: number;
}

export interface CustomerSync {
  /** Null: this visitor has no conversation yet. */
  conversation: CustomerConversationDto | null;
  messages: CustomerMessageDto[];
  rev: number;
  more: boolean;
}

export interface SendMessageInput {
  conversationId: string;
  text?: string;
  /** Chosen by the client, unique per sender: sending it again never makes a second message. */
  clientMessageId?: string;
  attachmentIds?: string[];
  /** A private note for the team. */
  note?: boolean;
  replyToMessageId?: string;
  quickReplies?: { title: string; payload: string }[];
  /** Last revision the writer has seen; with a newer answer of a colleague the send is refused with STALE_DRAFT. */
  lastSeenRev?: number;
  /** Send in spite of that. */
  force?: boolean;
}

export interface AgentToServer {
  authenticate(input: { token: string } | { email: string; password: string }, answer?: Answer<AuthSuccess>): void;
  send_message(input: SendMessageInput, answer?: Answer<{ message: MessageDto }>): void;
  update_ticket_status(
    input: { conversationId: string; status: ConversationStatus },
    answer?: Answer<{ conversation: ConversationDto }>,
  ): void;
  assign(
    input: { conversationId: string; assigneeId: string | null },
    answer?: Answer<{ conversation: ConversationDto }>,
  ): void;
  update_status(input: { status: Availability }, answer?: Answer<{ user: UserDto }>): void;
  get_ticket_details(input: { conversationId: string }, answer?: Answer<ThreadSync>): void;
  typing(input: { conversationId: string; isTyping: boolean }, answer?: Answer<null>): void;
  open_conversation(input: { conversationId: string }, answer?: Answer<null>): void;
  leave_conversation(input: { conversationId: string }, answer?: Answer<null>): void;
  mark_read(input: { conversationId: string; rev: number }, answer?: Answer<{ readCount: number }>): void;
  sync_thread(input: { conversationId: string; rev: number }, answer?: Answer<ThreadSync>): void;
  sync_list(input: { view: ListView; rows: { id: string; version: number }[] }, answer?: Answer<ListSync>): void;
}

/** Tokens a socket gets when it authenticates itself after connecting. */
export interface AuthSuccess {
  user: UserDto;
  accessToken: string;
  refreshToken: string | null;
}

export interface ServerToAgent {
  auth_success(data: AuthSuccess): void;
  auth_error(error: ApiError): void;
  /** A conversation began that this reader may see. */
  new_ticket(data: { conversation: ConversationDto }): void;
  /** The contact wrote. */
  customer_message(data: { conversation: ConversationDto; message: MessageDto }): void;
  /** Anybody else wrote: a colleague, a bot, the system, or the reader from another window. */
  message_created(data: { conversation: ConversationDto; message: MessageDto }): void;
  message_updated(data: { conversation: ConversationDto; message: MessageDto }): void;
  ticket_updated(data: { conversation: ConversationDto }): void;
  /** The reader may no longer see it. */
  conversation_removed(data: { conversationId: string }): void;
  customer_typing(data: { conversationId: string; isTyping: boolean }): void;
  agent_typing(data: { conversationId: string; user: { id: string; name: string }; isTyping: boolean }): void;
  /** The reader has read more, in another window. */
  read_state(data: { conversationId: string; readCount: number }): void;
  agent_status_change(data: { userId: string; availability: Availability }): void;
  ticket_details(data: ThreadSync): void;
  message_sent(data: { message: MessageDto }): void;
  status_updated(data: { user: UserDto }): void;
  /** Rights have changed: ask for the list again. */
  scope_changed(data: { scopeRev: number }): void;
  error(error: ApiError): void;
}

export interface CustomerToServer {
  /** For sockets without a token: opens a visitor session on the inbox. */
  customer_connect(
    input: {
      inboxKey: string;
      token?: string;
      name?: string;
      email?: string;
      /** Where the visitor is; an address alone will do. */
      page?: string | { url: string; title?: string; referrer?: string };
    },
    answer?: Answer<ConnectionEstablished>,
  ): void;
  customer_message(
    input: {
      text?: string;
      clientMessageId?: string;
      attachmentIds?: string[];
      replyToMessageId?: string;
      payload?: string;
    },
    answer?: Answer<{ message: CustomerMessageDto; conversation: CustomerConversationDto }>,
  ): void;
  customer_typing(input: { isTyping: boolean }, answer?: Answer<null>): void;
  customer_disconnect(input: Record<string, never>, answer?: Answer<null>): void;
  /** Logs the visitor out: every token of theirs ends, and every socket that came with one. */
  end_session(input: Record<string, never>, answer?: Answer<null>): void;
  /** What changed since `rev` in the named conversation; null names the visitor's current one. */
  sync(input: { conversationId: string | null; rev: number }, answer?: Answer<CustomerSync>): void;
  /** `orderAt` of the last message of ours that arrived, and of the last one on screen. */
  receipt(input: { conversationId: string; deliveredUpTo?: number; readUpTo?: number }, answer?: Answer<null>): void;
}

export interface ConnectionEstablished {
  token: string;
  contactId: string;
  conversation: CustomerConversationDto | null;
}

export interface ServerToCustomer {
  connection_established(data: ConnectionEstablished): void;
  agent_message(data: { message: CustomerMessageDto; conversation: CustomerConversationDto }): void;
  /** The customer's own message, written in another tab or on another device. */
  message_created(data: { message: CustomerMessageDto; conversation: CustomerConversationDto }): void;
  message_updated(data: { message: CustomerMessageDto; conversation: CustomerConversationDto }): void;
  /** Confirms a message to a client that asked for no acknowledgement. */
  message_sent(data: { message: CustomerMessageDto; conversation: CustomerConversationDto }): void;
  agent_assigned(data: { conversation: CustomerConversationDto }): void;
  ticket_status_change(data: { conversation: CustomerConversationDto }): void;
  conversation_updated(data: { conversation: CustomerConversationDto }): void;
  agent_typing(data: { conversationId: string; isTyping: boolean }): void;
  error(error: ApiError): void;
}
