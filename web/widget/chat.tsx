import { render } from 'preact';
import { createBrowserStore, createSenderLock, randomId } from './client/browser.js';
import { ChatClient } from './client/chat-client.js';
import { visitedPage } from './client/visited-page.js';
import type { ChatHandle, WidgetContext } from './context.js';
import { storageKeys } from './core/storage.js';
import { carryOut, PageListeners, toIdentity } from './public-api.js';
import css from './chat.css?inline';
import { Panel } from './ui/Panel.js';

/** Calls `work` once for any number of calls within one task. */
function batched(work: () => void): () => void {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      work();
    });
  };
}

/** Tells the client what happens to the page; answers how to stop that. */
function watchPage(client: ChatClient): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const visible = (): void => client.setVisible(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', visible, { signal });
  addEventListener('online', () => client.retryNow(), { signal });
  addEventListener('storage', ({ key }) => client.storageChanged(key), { signal });
  visible();
  return () => stop.abort();
}

/** Draws the chat into the loader's shadow root and connects it. */
export function mount(context: WidgetContext): ChatHandle {
  const { origin, inboxKey, root, launcher } = context;
  const store = createBrowserStore();
  const keys = storageKeys(inboxKey);
  const listeners = new PageListeners();
  const client = new ChatClient({
    origin,
    inboxKey,
    store,
    lock: createSenderLock(store, keys.lock),
    newId: randomId,
    page: visitedPage,
    emit: (name, data) => listeners.emit(name, data),
  });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const place = document.createElement('div');
  place.className = 'place';
  launcher.before(place);
  const draft = {
    get: () => store.get(keys.draft) ?? '',
    set: (text: string) => (text === '' ? store.remove(keys.draft) : store.set(keys.draft, text)),
  };

  let wasOpen = false;
  let opened = false;
  const draw = (): void => {
    const state = client.getState();
    context.setUnread(state.unread);
    context.setOpen(state.open);
    opened ||= state.open;
    // Focus goes back to where it came from, unless the visitor has moved it to the page meanwhile.
    const focusInside = place.contains(root.activeElement);
    if (opened) render(<Panel client={client} state={state} origin={origin} draft={draft} />, place);
    if (wasOpen && !state.open && focusInside) launcher.focus();
    wasOpen = state.open;
  };
  client.subscribe(batched(draw));
  const unwatch = watchPage(client);
  client.start(toIdentity(context.identity), context.session);
  draw();

  return {
    toggle: (open = !client.getState().open) => (open ? client.open() : client.close()),
    call: (call) => carryOut(call, client, listeners),
    destroy: () => {
      unwatch();
      client.stop();
      render(null, place);
      place.remove();
    },
  };
}
