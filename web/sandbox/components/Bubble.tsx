import type { HTMLAttributes, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { clockTime } from '../time.js';
import type { Message, Page } from '../types.js';
import { AttachmentView } from './AttachmentView.js';
import { Avatar } from './Avatar.js';
import { BubbleMenu } from './BubbleMenu.js';
import { Icon } from './Icon.js';

const LONG_PRESS_MS = 450;
/** App id of the Page's own inbox. */
const PAGE_INBOX = '263902037430900';

interface Props {
  page: Page;
  message: Message;
  quoted: Message | null;
  /** First and last of a group of one side. */
  first: boolean;
  last: boolean;
  act: (name: string, body?: unknown) => Promise<boolean>;
  onReply: () => void;
  onEdit: () => void;
}

/** One message. Its menu opens by the button that hovering or focus shows, or by a long press. */
export function Bubble({ page, message, quoted, first, last, act, onReply, onEdit }: Props): JSX.Element {
  const [menu, setMenu] = useState(false);
  const rowRef = useRef<HTMLDivElement>(null);
  const press = useLongPress(() => setMenu(!message.unsent));
  useDismiss(rowRef, menu, () => setMenu(false));
  const own = message.direction === 'in';
  const { person, page: pageReaction } = message.reactions;
  const reactions = [person?.emoji, pageReaction?.emoji].filter((emoji) => emoji !== undefined);
  const text = message.text ?? '';

  return (
    <div
      ref={rowRef}
      class={`row ${own ? 'mine' : 'theirs'} ${first ? 'first' : ''} ${last ? 'last' : ''} ${menu ? 'open' : ''}`}
      title={clockTime(message.at)}
    >
      {!own && (last ? <Avatar id={page.id} size={28} /> : <span class="avatar-gap" />)}
      <div class={`bubble-box ${reactions.length > 0 ? 'reacted' : ''}`} {...press}>
        {!own && first && message.appId === PAGE_INBOX && <p class="origin">From the Page inbox</p>}
        {quoted !== null && <p class="quote">{quoted.text ?? 'Attachment'}</p>}
        {message.unsent ? (
          <p class="bubble unsent">{own ? 'You unsent a message' : 'The message was unsent'}</p>
        ) : (
          <>
            {text !== '' && <p class="bubble">{text}</p>}
            {shown(message).map((attachment, index) => (
              <AttachmentView key={index} attachment={attachment} act={act} />
            ))}
            {text === '' && message.attachments.length === 0 && <p class="bubble unsent">Empty message</p>}
          </>
        )}
        {message.edits > 0 && !message.unsent && <p class="edited">Edited</p>}
        {reactions.length > 0 && (
          <p class="reactions">
            <span class="hidden">Reactions: </span>
            {reactions.join(' ')}
          </p>
        )}
      </div>
      {!message.unsent && (
        <div class="bubble-actions">
          <button
            type="button"
            class="icon-button small"
            aria-label="React and more"
            aria-expanded={menu}
            onClick={() => setMenu(!menu)}
          >
            <Icon name="smile" size={18} />
          </button>
          {menu && (
            <BubbleMenu
              message={message}
              onClose={() => setMenu(false)}
              act={act}
              onReply={onReply}
              onEdit={own && message.attachments.length === 0 ? onEdit : null}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** A sticker that came in two forms is shown once. */
function shown({ attachments }: Message): Message['attachments'] {
  const stickers = new Set(
    attachments.filter(({ type }) => type === 'sticker').map(({ payload }) => payload?.sticker_id),
  );
  return attachments.filter(
    ({ type, payload }) => type !== 'image' || payload?.sticker_id === undefined || !stickers.has(payload.sticker_id),
  );
}

function useLongPress(onPress: () => void): HTMLAttributes<HTMLDivElement> {
  const timerRef = useRef<number | undefined>(undefined);
  const stop = (): void => window.clearTimeout(timerRef.current);
  return {
    onPointerDown: (event) => {
      if (event.pointerType === 'touch') timerRef.current = window.setTimeout(onPress, LONG_PRESS_MS);
    },
    onPointerUp: stop,
    onPointerMove: stop,
    onPointerCancel: stop,
    onContextMenu: (event) => {
      if (event instanceof PointerEvent && event.pointerType === 'touch') event.preventDefault();
    },
  };
}

/** Closes what is open in a box by Escape or a press elsewhere. */
function useDismiss(boxRef: { current: HTMLElement | null }, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close();
    };
    const onPress = (event: PointerEvent): void => {
      if (event.target instanceof Node && !boxRef.current?.contains(event.target)) close();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', onPress);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', onPress);
    };
  });
}
