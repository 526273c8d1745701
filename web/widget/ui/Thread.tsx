import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatState } from '../client/chat-state.js';
import { buildTimeline, openQuickReplies, type TimelineItem } from '../core/timeline.js';
import { currentConversation } from '../core/thread.js';
import { STRINGS } from '../strings.js';
import { dayName } from './format.js';
import { FollowEnd } from './follow-end.js';
import { Icon } from './Icon.js';
import { StoredMessage, WaitingMessage, type MessageActions } from './Message.js';

interface ThreadProps {
  state: ChatState;
  actions: MessageActions;
  onQuickReply: (reply: { title: string; payload: string }) => void;
  /** `orderAt` of the lowest message of the team that is on screen. */
  onSeen: (orderAt: number) => void;
}

const Item = ({ item, actions }: { item: TimelineItem; actions: MessageActions }) => {
  switch (item.kind) {
    case 'day':
      return <p class="divider">{dayName(item.at)}</p>;
    case 'boundary':
      return <p class="divider">{STRINGS.newConversation}</p>;
    case 'message':
      return <StoredMessage item={item} actions={actions} />;
    case 'waiting':
      return <WaitingMessage item={item} actions={actions} />;
  }
};

const Welcome = () => (
  <div class="welcome">
    <p class="welcome-title">{STRINGS.welcomeTitle}</p>
    <p>{STRINGS.welcome}</p>
  </div>
);

const Typing = ({ agentName }: { agentName: string | null }) => (
  <div class="row theirs first last">
    <p class="said">{STRINGS.typing(agentName)}</p>
    <div class="bubble dots" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  </div>
);

const EndNote = ({ status }: { status: string | undefined }) =>
  status === 'resolved' || status === 'closed' ? (
    <p class="end-note">{status === 'resolved' ? STRINGS.resolved : STRINGS.closed}</p>
  ) : null;

/** The conversation so far. Stays at its end unless the reader has scrolled up. */
export function Thread({ state, actions, onQuickReply, onSeen }: ThreadProps) {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [follow] = useState(() => new FollowEnd({ onSeen, onAtEnd: setAtEnd }));
  const { thread, outbox, loaded, open, connectivity } = state;
  const items = buildTimeline(thread, outbox);
  const quickReplies = openQuickReplies(thread, outbox);
  const conversation = currentConversation(thread);

  // Whoever writes wants to see it.
  useLayoutEffect(() => follow.toEnd(), [follow, outbox.length]);
  useLayoutEffect(() => follow.settle());
  useEffect(() => {
    const [scroller, content] = [scrollerRef.current, contentRef.current];
    return scroller === null || content === null ? undefined : follow.attach(scroller, content);
  }, [follow]);

  const empty = items.length === 0;
  return (
    <div class="thread-frame">
      <div
        class="thread"
        ref={scrollerRef}
        onScroll={() => follow.scrolled()}
        tabIndex={0}
        role="log"
        aria-label={STRINGS.thread}
        aria-live={loaded && open ? 'polite' : 'off'}
        aria-relevant="additions"
        aria-busy={!loaded}
      >
        <div class="thread-content" ref={contentRef}>
          {empty && (loaded || connectivity !== 'connecting') ? <Welcome /> : null}
          {empty && !loaded && connectivity === 'connecting' ? <p class="divider">{STRINGS.loading}</p> : null}
          {items.map((item) => (
            <Item key={item.key} item={item} actions={actions} />
          ))}
          {state.agentTyping ? <Typing agentName={conversation?.agentName ?? null} /> : null}
          {quickReplies.length === 0 ? null : (
            <div class="quick-replies" role="group" aria-label={STRINGS.quickReplies}>
              {quickReplies.map((reply) => (
                <button type="button" key={reply.payload + reply.title} onClick={() => onQuickReply(reply)}>
                  {reply.title}
                </button>
              ))}
            </div>
          )}
          <EndNote status={conversation?.status} />
        </div>
      </div>
      {atEnd ? null : (
        <button type="button" class="to-end" onClick={() => follow.toEnd()} aria-label={STRINGS.toEnd}>
          <Icon name="down" />
          {state.unread > 0 ? STRINGS.toNewest : null}
        </button>
      )}
    </div>
  );
}
