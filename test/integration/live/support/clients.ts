import { QueryClient } from '@tanstack/react-query';
import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import type { ConversationRowDto } from '../../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../../src/shared/schemas/message.js';
import type { ListView } from '../../../../src/shared/schemas/view.js';
import { conversationsApi, type ConversationsApi } from '../../../../web/inbox/api/conversations.js';
import { HttpClient } from '../../../../web/inbox/api/http.js';
import { Session } from '../../../../web/inbox/api/session.js';
import type { AgentSocket } from '../../../../web/inbox/api/socket.js';
import { replaceRows } from '../../../../web/inbox/logic/list-state.js';
import { openThread, visibleMessages } from '../../../../web/inbox/logic/thread-state.js';
import { queryKeys } from '../../../../web/inbox/stores/inbox-cache.js';
import { InboxLive } from '../../../../web/inbox/stores/inbox-live.js';
import { ChatClient } from '../../../../web/widget/client/chat-client.js';
import { createStore } from '../../../../web/widget/core/storage.js';
import { shownMessages } from '../../../../src/shared/thread-order.js';
import { MemoryStorage as Memory } from '../../../unit/web/inbox/builders.js';
import { MemoryStorage } from '../../../unit/web/widget/support/memory-storage.js';
import { until } from '../../../support/until.js';
import type { Member, World } from './world.js';

/** The inbox's own store of one member of the team, with a list and perhaps a thread on screen. */
export class StaffClient {
  readonly live: InboxLive;
  readonly #api: ConversationsApi;
  readonly #queries = new QueryClient();
  #view: ListView = { kind: 'mine', done: false };

  constructor(world: World, member: Member, url: string) {
    const refuse = () => Promise.reject(new Error('no token runs out in this test'));
    const session = new Session({ storage: new Memory(), refresh: refuse, exclusively: (run) => run() });
    session.set(member);
    this.#api = conversationsApi(new HttpClient(session, (path, init) => fetch(url + path, init)));
    const socket: AgentSocket = io(`${url}/agent`, {
      autoConnect: false,
      forceNew: true,
      transports: ['websocket'],
      auth: { token: member.accessToken },
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
    });
    const connection = { socket, open: () => void socket.connect(), close: () => void socket.disconnect() };
    const nothing = (): void => undefined;
    this.live = new InboxLive(
      { connection, api: this.#api, queryClient: this.#queries, reader: member.user, storage: new Memory() },
      { onRemoved: nothing, onScopeChanged: nothing, onHeldBack: nothing },
    );
    world.closeLater(() => {
      this.live.stop();
      this.#queries.clear();
    });
  }

  /** Loads a list, and a thread unless null, as the pages do, and connects. */
  async show(view: ListView, threadId: string | null): Promise<void> {
    this.#view = view;
    const page = await this.#api.list(view, null, 50);
    this.live.cache.setCounts(page.counts);
    this.#queries.setQueryData(queryKeys.list(view), replaceRows(undefined, page.items, page.cursor));
    this.live.catchUp.watchList(view);
    if (threadId !== null) {
      const [{ conversation }, messages] = await Promise.all([
        this.#api.get(threadId),
        this.#api.messages(threadId, null),
      ]);
      this.#queries.setQueryData(queryKeys.thread(threadId), openThread(conversation, messages));
      this.live.openConversation(threadId);
    }
    this.live.start();
    await this.upToDate();
  }

  upToDate(): Promise<boolean> {
    return until(() => this.live.catchUp.status.get() === 'up_to_date');
  }

  /** Waits until the client itself knows that it is cut off. */
  async cutOff(): Promise<void> {
    await until(() => this.live.catchUp.status.get() !== 'up_to_date');
  }

  get rows(): ConversationRowDto[] {
    return this.live.cache.list(this.#view)?.rows ?? [];
  }

  messages(threadId: string): MessageDto[] {
    const state = this.live.cache.thread(threadId);
    return state === undefined ? [] : visibleMessages(state);
  }
}

/** The widget's own client of one visitor. */
export function openChat(world: World, inboxKey: string, url: string): ChatClient {
  let queue = Promise.resolve();
  const chat = new ChatClient({
    origin: url,
    inboxKey,
    store: createStore(new MemoryStorage()),
    lock: (work) => (queue = queue.then(work, work)),
    newId: randomUUID,
    emit: () => undefined,
  });
  world.closeLater(() => chat.stop());
  return chat;
}

/** Opens a chat and waits until it has caught up. */
export async function startChat(world: World, inboxKey: string, url: string): Promise<ChatClient> {
  const chat = openChat(world, inboxKey, url);
  chat.start();
  await until(() => chat.getState().loaded && chat.getState().connectivity === 'online');
  return chat;
}

export const say = (chat: ChatClient, text: string): void =>
  chat.send({ text, attachments: [], payload: null, replyTo: null });

export const textsOf = (chat: ChatClient): (string | null)[] =>
  shownMessages(chat.getState().thread.messages).map(({ text }) => text);

/** Waits until the visitor sees exactly these texts. */
export const shows = (chat: ChatClient, texts: (string | null)[]): Promise<boolean> =>
  until(
    () => ({ expected: texts, shown: textsOf(chat) }),
    () => JSON.stringify(textsOf(chat)) === JSON.stringify(texts),
  );
