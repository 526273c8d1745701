import type { JSX } from 'preact';
import type { Message } from '../types.js';
import { Icon } from './Icon.js';

const REACTIONS = [
  ['love', '❤️'],
  ['smile', '😆'],
  ['wow', '😮'],
  ['sad', '😢'],
  ['angry', '😠'],
  ['like', '👍'],
] as const;

interface Props {
  message: Message;
  act: (name: string, body?: unknown) => Promise<boolean>;
  onClose: () => void;
  onReply: () => void;
  /** Null: this message cannot be edited. */
  onEdit: (() => void) | null;
}

/** What the person can do with a message. */
export function BubbleMenu({ message, act, onClose, onReply, onEdit }: Props): JSX.Element {
  const { mid } = message;
  const given = message.reactions.person?.reaction;
  const pick = (run: () => unknown) => () => {
    run();
    onClose();
  };
  return (
    <div class="bubble-menu" role="group" aria-label="What to do with this message">
      <div class="reaction-row">
        {REACTIONS.map(([reaction, emoji]) => (
          <button
            key={reaction}
            type="button"
            class="reaction"
            aria-label={reaction}
            aria-pressed={given === reaction}
            onClick={pick(() => act('reactions', { mid, reaction: given === reaction ? null : reaction }))}
          >
            {emoji}
          </button>
        ))}
      </div>
      <button type="button" class="menu-item" onClick={pick(onReply)}>
        <Icon name="reply" size={18} /> Reply
      </button>
      {onEdit !== null && (
        <button type="button" class="menu-item" onClick={pick(onEdit)}>
          <Icon name="edit" size={18} /> Edit
        </button>
      )}
      {message.direction === 'in' && (
        <button type="button" class="menu-item danger" onClick={pick(() => act('unsends', { mid }))}>
          <Icon name="undo" size={18} /> Unsend
        </button>
      )}
    </div>
  );
}
