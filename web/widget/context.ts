import type { VisitorSession } from '../../src/shared/schemas/visitor.js';

/** One call of `window.Switchboard(command, …arguments)`. */
export type ApiCall = [command: string, ...args: unknown[]];

/** What the loader hands to the chat bundle. */
export interface WidgetContext {
  origin: string;
  inboxKey: string;
  /** The shadow root that already holds the launcher. */
  root: ShadowRoot;
  launcher: HTMLButtonElement;
  /** The signed-in user as the page has named them before the chat was loaded, unchecked; null: nobody. */
  identity: unknown;
  /** The session that the loader has just opened for that user, if it had to; saves opening a second one. */
  session: VisitorSession | null;
  /** Shows the count on the launcher and tells screen readers. */
  setUnread(count: number): void;
  /** Turns the launcher into its opened or closed form. */
  setOpen(open: boolean): void;
}

/** What the loader can do with a mounted chat. */
export interface ChatHandle {
  /** Opens or closes the panel; without a word, the other of the two. */
  toggle(open?: boolean): void;
  call(call: ApiCall): void;
  destroy(): void;
}

/** The function that a page calls. Before the loader has run, a page may put a queueing stub in its place. */
export interface SwitchboardFunction {
  (...call: ApiCall): void;
  /** Calls that a stub has collected. */
  q?: ArrayLike<unknown>[];
  /** Set by the loader: a second script tag changes nothing. */
  ready?: true;
}

declare global {
  interface Window {
    Switchboard?: SwitchboardFunction;
    /** Put there by the chat bundle. */
    SwitchboardChat?: { mount(context: WidgetContext): ChatHandle };
  }
  /** Hash of the chat bundle that belongs to this loader; set by the build. */
  const CHAT_VERSION: string;
}
