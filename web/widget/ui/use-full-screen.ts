import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const SMALL = '(max-width: 480px), (max-height: 420px)';

/**
 * Whether the chat fills the screen. While it does and is open, the page behind does not scroll, and the panel keeps to
 * what the on-screen keyboard leaves free.
 */
export function useFullScreen(panel: RefObject<HTMLElement | null>, open: boolean): boolean {
  const [small, setSmall] = useState(() => matchMedia(SMALL).matches);
  useEffect(() => {
    const query = matchMedia(SMALL);
    const update = (): void => setSmall(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  useEffect(() => {
    if (!small || !open) return;
    const page = document.documentElement.style;
    const view = window.visualViewport;
    const element = panel.current;
    const before = page.overflow;
    const fit = (): void => {
      element?.style.setProperty('--sb-height', `${view?.height ?? innerHeight}px`);
      element?.style.setProperty('--sb-top', `${view?.offsetTop ?? 0}px`);
    };
    page.overflow = 'hidden';
    fit();
    view?.addEventListener('resize', fit);
    view?.addEventListener('scroll', fit);
    return () => {
      page.overflow = before;
      view?.removeEventListener('resize', fit);
      view?.removeEventListener('scroll', fit);
    };
  }, [small, open, panel]);
  return small;
}

const FOCUSABLE = 'button:not([disabled]), a[href], textarea, [tabindex="0"], audio, video';

/** Keeps the Tab key inside the panel: behind a full screen there is nothing to go to. */
export function useFocusTrap(panel: RefObject<HTMLElement | null>, active: boolean): void {
  useEffect(() => {
    const element = panel.current;
    if (!active || element === null) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Tab') return;
      const stops = [...element.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.tabIndex >= 0);
      const focused = (element.getRootNode() as ShadowRoot).activeElement;
      const [first, last] = [stops[0], stops.at(-1)];
      const leaving = event.shiftKey ? focused === first || focused === element : focused === last;
      if (!leaving) return;
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    };
    element.addEventListener('keydown', onKeyDown);
    return () => element.removeEventListener('keydown', onKeyDown);
  }, [panel, active]);
}
