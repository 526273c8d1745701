import { useEffect } from 'react';
import { takesArrows, takesText } from '../logic/takes-text.js';
import { KeyStrokes } from '../stores/key-strokes.js';
import type { KeyPlace } from '../stores/command-registry.js';
import { useApp } from './app-context.js';

const DIALOGS = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Runs the commands of the registry by their keys, and leaves a text field at Escape. Once for the whole app. */
export function useKeyStrokes(): void {
  const { commands, preferences } = useApp();
  useEffect(() => {
    const strokes = new KeyStrokes(commands, Date.now);
    const keyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const { target } = event;
      const place = placeOf(target);
      if (event.key === 'Escape' && place.inText && !place.inDialog) return leaveField(event);
      const found = strokes.strike(event, place, preferences.values.get().letterKeys);
      if (found === null) return;
      event.preventDefault();
      if (found !== 'prefix') found.run();
    };
    window.addEventListener('keydown', keyDown);
    return () => window.removeEventListener('keydown', keyDown);
  }, [commands, preferences]);
}

function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof HTMLElement)) return { inText: false, inWidget: false, inDialog: false };
  return { inText: takesText(target), inWidget: takesArrows(target), inDialog: target.closest(DIALOGS) !== null };
}

/** The text stays; a browser would empty a search field. */
function leaveField(event: KeyboardEvent): void {
  const field = event.target;
  if (!(field instanceof HTMLElement) || field.getAttribute('aria-expanded') === 'true') return;
  event.preventDefault();
  field.blur();
}
