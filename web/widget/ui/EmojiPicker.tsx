import { useEffect, useRef } from 'preact/hooks';
import { STRINGS } from '../strings.js';

const EMOJI = [
  ...['😀', '😄', '😅', '😂', '🙂', '😉', '😊', '😍'],
  ...['😘', '😎', '🤔', '😐', '😴', '😕', '😢', '😭'],
  ...['😡', '😱', '🤯', '🥳', '👍', '👎', '👌', '🙏'],
  ...['👏', '💪', '👋', '🤝', '❤️', '💔', '🎉', '🔥'],
  ...['✅', '❌', '❓', '❗', '⭐', '🎁', '📦', '🚲'],
];
const COLUMNS = 8;

/** Where an arrow key leads from the emoji at `index`; null: nowhere. `forward` is the key of the reading direction. */
function step(index: number, key: string, forward: string): number | null {
  const backward = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
  const by = { [forward]: 1, [backward]: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[key];
  if (by === undefined) return null;
  const next = index + by;
  return next < 0 || next >= EMOJI.length ? null : next;
}

interface EmojiPickerProps {
  onPick: (emoji: string) => void;
  onClose: () => void;
}

/** A small grid of emoji: arrow keys move, Enter picks, Escape closes. */
export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => grid.current?.querySelector('button')?.focus(), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
      return;
    }
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])];
    const from = buttons.indexOf(event.target as HTMLButtonElement);
    const rtl = grid.current !== null && getComputedStyle(grid.current).direction === 'rtl';
    const next = step(from, event.key, rtl ? 'ArrowLeft' : 'ArrowRight');
    if (from < 0 || next === null) return;
    event.preventDefault();
    buttons[next]?.focus();
  };

  return (
    <div class="emoji" ref={grid} role="group" aria-label={STRINGS.emojiList} onKeyDown={onKeyDown}>
      {EMOJI.map((emoji, index) => (
        <button type="button" key={emoji} tabIndex={index === 0 ? 0 : -1} onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
}
