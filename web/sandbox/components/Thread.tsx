import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useNowAt } from '../hooks/use-now.js';
import { clockTime, dayName, sameDay } from '../time.js';
import type { Message, Page, Person, Thread as ThreadData } from '../types.js';
import { Avatar } from './Avatar.js';
import { Bubble } from './Bubble.js';

/** Closer than this to the end, the thread follows new messages. In pixels. */
const FOLLOW_PX = 120;
/** Messages of one side within so many milliseconds stand together. */
const GROUP_MS = 5 * 60_000;

interface Props {
  page: Page;
  person: Person;
  thread: ThreadData | null;
  act: (name: string, body?: unknown) => Promise<boolean>;
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
}

/** The conversation, oldest first, with what the Page is doing at its end. */
export function Thread({ page, person, thread, act, onReply, onEdit }: Props): JSX.Element {
  const boxRef = useRef<HTMLDivElement>(null);
  const followRef = useRef(true);
  const typingUntil = thread?.typing.page ?? null;
  const now = useNowAt(typingUntil);
  const isTyping = typingUntil !== null && now < typingUntil;
  const messages = thread?.messages ?? [];
  const lastOwn = messages.findLast(({ direction, unsent }) => direction === 'in' && !unsent);

  useLayoutEffect(() => {
    if (followRef.current && boxRef.current !== null) boxRef.current.scrollTop = boxRef.current.scrollHeight;
  });

  const onScroll = (): void => {
    const { current } = boxRef;
    if (current === null) return;
    followRef.current = current.scrollHeight - current.scrollTop - current.clientHeight < FOLLOW_PX;
  };

  return (
    <div
      class="thread"
      ref={boxRef}
      onScroll={onScroll}
      role="log"
      aria-label={`Conversation with ${page.name}`}
      tabIndex={0}
    >
      {thread === null && <p class="thread-note">Loading…</p>}
      {thread !== null && thread.total > messages.length && (
        <p class="thread-note">{thread.total - messages.length} older messages are not shown</p>
      )}
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const after = messages[index + 1];
        const newDay = before === undefined || !sameDay(before.at, message.at);
        return (
          <div key={message.mid} class="turn">
            {newDay && (
              <p class="thread-note">
                {dayName(message.at)}, {clockTime(message.at)}
              </p>
            )}
            <Bubble
              page={page}
              message={message}
              quoted={messages.find(({ mid }) => mid === message.replyTo) ?? null}
              first={newDay || !together(before, message)}
              last={after === undefined || !together(message, after)}
              act={act}
              onReply={() => onReply(message)}
              onEdit={() => onEdit(message)}
            />
            {message === lastOwn && <Ticks message={message} person={person} />}
          </div>
        );
      })}
      {isTyping && (
        <div class="row theirs" role="status">
          <Avatar id={page.id} size={28} />
          <div class="bubble typing">
            <span class="hidden">{page.name} is typing</span>
            <i />
            <i />
            <i />
          </div>
        </div>
      )}
    </div>
  );
}

function together(one: Message | undefined, other: Message): boolean {
  return (
    one !== undefined && one.direction === other.direction && one.appId === other.appId && other.at - one.at < GROUP_MS
  );
}

/** How far the person's newest message got. */
function Ticks({ message, person }: { message: Message; person: Person }): JSX.Element {
  const seen = person.seenByPageAt !== null && person.seenByPageAt >= message.at;
  const words = seen ? 'Seen' : TICKS[message.webhook ?? 'none'];
  return <p class="ticks">{words}</p>;
}

const TICKS: Record<NonNullable<Message['webhook']> | 'none', string> = {
  delivered: 'Delivered',
  queued: 'Sent, on the way to the hub',
  dropped: 'Sent, lost on the way to the hub',
  unsubscribed: 'Sent, the Page is not subscribed',
  none: 'Sent',
};
