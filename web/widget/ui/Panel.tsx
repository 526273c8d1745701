import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import type { ChatClient } from '../client/chat-client.js';
import type { ChatState } from '../client/chat-state.js';
import { currentConversation } from '../core/thread.js';
import { STRINGS } from '../strings.js';
import { Composer } from './Composer.js';
import type { MessageActions } from './Message.js';
import { Thread } from './Thread.js';
import { Tool } from './Tool.js';
import { useUploads } from './use-uploads.js';
import { useFocusTrap, useFullScreen } from './use-full-screen.js';

interface PanelProps {
  client: ChatClient;
  state: ChatState;
  origin: string;
  draft: { get: () => string; set: (text: string) => void };
}

function statusLine(state: ChatState): string {
  const agentName = currentConversation(state.thread)?.agentName;
  if (state.connectivity === 'offline' || state.connectivity === 'unavailable') return STRINGS.offline;
  if (state.connectivity !== 'online') return STRINGS.connecting;
  return agentName ? STRINGS.helping(agentName) : STRINGS.online;
}

const Header = ({ state, onClose }: { state: ChatState; onClose: () => void }) => {
  const name = state.inboxName ?? STRINGS.defaultName;
  const face = currentConversation(state.thread)?.agentName ?? name;
  return (
    <div class="header">
      <span class="face" aria-hidden="true">
        {[...face][0]?.toLocaleUpperCase()}
      </span>
      <div class="header-words">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <p role="status" class={`status status-${state.connectivity}`}>
          {statusLine(state)}
        </p>
      </div>
      <Tool icon="close" label={STRINGS.minimise} onClick={onClose} />
    </div>
  );
};

const Banner = ({ client, state }: { client: ChatClient; state: ChatState }) => {
  if (state.connectivity === 'unavailable') {
    return (
      <p class="banner" role="alert">
        {STRINGS.errors.unavailable}
      </p>
    );
  }
  return state.connectivity !== 'offline' ? null : (
    <div class="banner">
      <p>{STRINGS.offlineBanner}</p>
      <button type="button" class="small" onClick={() => client.retryNow()}>
        {STRINGS.tryAgain}
      </button>
    </div>
  );
};

/** The open chat: a window beside the page, or on a phone the whole screen. */
export function Panel({ client, state, origin, draft }: PanelProps) {
  const panelRef = useRef<HTMLDivElement>(null);
  const [replyTo, setReplyTo] = useState<CustomerMessageDto | null>(null);
  const uploads = useUploads(origin, () => client.token);
  const [dragging, setDragging] = useState(false);
  const fullScreen = useFullScreen(panelRef, state.open);
  useFocusTrap(panelRef, state.open && fullScreen);

  useLayoutEffect(() => {
    if (!state.open) return;
    // On a touch screen, a focused field would at once cover half the chat with the keyboard.
    const touch = matchMedia('(pointer: coarse)').matches;
    const target = touch ? panelRef.current : panelRef.current?.querySelector<HTMLElement>('textarea');
    (target ?? panelRef.current)?.focus();
  }, [state.open]);

  const actions: MessageActions = {
    origin,
    onReply: setReplyTo,
    onRetry: (id) => client.retry(id),
    onDiscard: (id) => client.discard(id),
    onBroken: () => client.refresh(),
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setDragging(false);
    uploads.add([...(event.dataTransfer?.files ?? [])]);
  };

  return (
    <div
      ref={panelRef}
      class="panel"
      role="dialog"
      aria-modal={fullScreen}
      aria-label={STRINGS.panel(state.inboxName ?? STRINGS.defaultName)}
      tabIndex={-1}
      hidden={!state.open}
      onKeyDown={(event) => {
        if (event.key === 'Escape') client.close();
        event.stopPropagation(); // The page's own shortcuts are not meant.
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (event.target === event.currentTarget) setDragging(false);
      }}
      onDrop={onDrop}
    >
      <Header state={state} onClose={() => client.close()} />
      <Banner client={client} state={state} />
      <Thread
        state={state}
        actions={actions}
        onQuickReply={({ title, payload }) => client.send({ text: title, payload, attachments: [], replyTo: null })}
        onSeen={(orderAt) => client.seen(orderAt)}
      />
      {state.connectivity === 'unavailable' ? null : (
        <Composer
          client={client}
          draft={draft}
          replyTo={replyTo}
          onCancelReply={() => setReplyTo(null)}
          uploads={uploads}
        />
      )}
      {dragging ? <p class="drop">{STRINGS.dropFiles}</p> : null}
    </div>
  );
}
