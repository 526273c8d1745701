import { useHotkeys } from '@mantine/hooks';
import { takesText } from '../logic/takes-text.js';

/** Keys of the page and what they do, wherever the focus is but a text field (a switch or a chosen tab is none). */
export function useKeys(keys: readonly [key: string, run: (event: KeyboardEvent) => void][]): void {
  useHotkeys(
    keys.map(([key, run]) => [
      key,
      (event) => {
        if (event.target instanceof HTMLElement && takesText(event.target)) return;
        event.preventDefault();
        run(event);
      },
      { preventDefault: false },
    ]),
    [],
    true,
  );
}
