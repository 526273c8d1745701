import type { VisitorSession } from '../../src/shared/schemas/visitor.js';
import { visitedPage } from './client/visited-page.js';
import type { ApiAnswer } from '../../src/shared/schemas/error.js';
import type { ApiCall, ChatHandle, SwitchboardFunction } from './context.js';
import { HISTORY, OUTBOX, storageBase, TOKEN } from './core/storage.js';
import { drawLauncher, type Launcher } from './launcher.js';
import { ofDocument } from './page.js';

/** Puts the launcher on the page and fetches the chat once it is needed: when it is opened, or a conversation is going on. */
class Loader {
  private readonly stored = browserStorage();
  /** What the names of all that is kept begin with. */
  private readonly base: string;
  private readonly origin: string;
  private launcher: Launcher | null = null;
  private chat: ChatHandle | null = null;
  private loading = false;
  private wantsOpen = false;
  private identity: unknown;
  private session: VisitorSession | null = null;
  private calls: ApiCall[] = [];

  constructor(
    private readonly script: HTMLScriptElement,
    private readonly inboxKey: string,
  ) {
    // As the page's own address resolves it: a <base> that stands in the page by now may not have done so when this was loaded.
    this.origin = new URL(script.getAttribute('src') ?? '', location.href).origin;
    this.base = storageBase(inboxKey);
    addEventListener('storage', ({ key, newValue }) => this.onStorage(key, newValue));
  }

  start(): void {
    this.launcher ??= drawLauncher(
      { color: this.script.dataset.color ?? null, start: this.script.dataset.position === 'start' },
      () => this.toggle(),
    );
  }

  /** Carries out one call of the page. */
  call(call: ApiCall): void {
    const [command, argument] = call;
    if (command === 'shutdown') return this.shutdown();
    this.start();
    if (command === 'open' || command === 'close') return this.toggle(command === 'open');
    if (this.chat !== null) return this.chat.call(call);
    if (command === 'identify') {
      this.identity = argument;
      this.session = null;
      void this.check();
    } else {
      this.calls.push(call);
    }
  }

  /** Loads the chat if this visitor has something in it: messages to send, or a conversation that is going on. */
  async check(): Promise<void> {
    if (this.chat !== null || this.loading) return;
    const { inboxKey, identity, stored, base } = this;
    const token = stored[base + TOKEN];
    if (Object.keys(stored).some((key) => key.startsWith(base + OUTBOX))) return this.load();
    if (token === undefined && identity === undefined) return;
    try {
      const response = await this.ask({
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        // What is undefined is left out.
        body: JSON.stringify({ inboxKey, token, identity, page: visitedPage() }),
      });
      const answer = (await response.json()) as ApiAnswer<VisitorSession>;
      if (identity !== this.identity || !answer.success || stored[base + TOKEN] !== token) return;
      const { conversation } = answer.data;
      if (conversation !== null && conversation.status !== 'closed') {
        this.session = answer.data;
        this.load();
      }
      // Identifying ends the token that was sent; the browser must not be left with it.
      stored[base + TOKEN] = answer.data.token;
    } catch {
      return; // No connection: the chat is still there when it is opened.
    }
  }

  private toggle(open?: boolean): void {
    if (this.chat !== null) return this.chat.toggle(open);
    this.wantsOpen = open ?? !this.wantsOpen;
    if (this.wantsOpen) this.load();
  }

  private load(): void {
    if (this.chat !== null || this.loading || this.launcher === null) return;
    this.loading = true;
    this.launcher.setBusy(true);
    const script = document.createElement('script');
    script.src = `${this.origin}/widget/chat.js?v=${CHAT_VERSION}`;
    if (this.script.nonce) script.nonce = this.script.nonce;
    script.onload = () => this.mount();
    script.onerror = () => {
      this.loading = this.wantsOpen = false;
      this.launcher?.setBusy(false);
      this.launcher?.setFailed();
      script.remove();
    };
    this.launcher.host.append(script);
  }

  private mount(): void {
    const { launcher } = this;
    this.loading = false;
    launcher?.setBusy(false);
    // The page may have shut the chat down while the script was under way.
    if (launcher === null || window.SwitchboardChat === undefined) return;
    this.chat = window.SwitchboardChat.mount({
      origin: this.origin,
      inboxKey: this.inboxKey,
      root: launcher.root,
      launcher: launcher.button,
      identity: this.identity,
      session: this.session,
      setUnread: launcher.setUnread,
      setOpen: launcher.setOpen,
    });
    for (const call of this.calls.splice(0)) this.chat.call(call);
    if (this.wantsOpen) this.chat.toggle(true);
  }

  private onStorage(key: string | null, newValue: string | null): void {
    if (key !== null && key !== this.base + HISTORY) return;
    if (newValue === null) {
      // Another tab has signed its visitor out: so do we, but the launcher stays.
      this.reset();
      this.start();
    } else {
      void this.check();
    }
  }

  private shutdown(): void {
    const token = this.stored[this.base + TOKEN];
    this.reset();
    for (const key of Object.keys(this.stored)) if (key.startsWith(this.base)) delete this.stored[key];
    if (token === undefined) return;
    // Whoever else has kept the token shall not go on with it either. The page may be left at once.
    this.ask({
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
      keepalive: true,
    }).catch(() => undefined);
  }

  private ask(request: RequestInit): Promise<Response> {
    return fetch(`${this.origin}/api/widget/session`, { credentials: 'omit', ...request });
  }

  private reset(): void {
    this.chat?.destroy();
    this.launcher?.host.remove();
    this.chat = this.launcher = this.session = null;
    this.identity = undefined;
    this.wantsOpen = false;
    this.calls = [];
  }
}

/** What the browser has stored, as an object; an empty one where storage is blocked (reading the property then throws). */
function browserStorage(): Record<string, string> {
  try {
    return localStorage;
  } catch {
    return {};
  }
}

/** Takes the place of the page's stub, if there is one, and carries out what it has collected. */
function install(loader: Loader): void {
  const collected = installed()?.q ?? [];
  const api: SwitchboardFunction = (...call) => loader.call(call);
  api.ready = true;
  window.Switchboard = api;
  loader.start();
  for (const call of collected) loader.call(Array.from(call) as ApiCall);
  void loader.check();
}

/** The page's stub or another loader; an element with this id is neither, though `window.Switchboard` names it. */
const installed = (): SwitchboardFunction | undefined =>
  Object.hasOwn(window, 'Switchboard') ? window.Switchboard : undefined;

const isLoader = (element: Element | null): element is HTMLScriptElement =>
  element instanceof HTMLScriptElement && element.dataset.inbox !== undefined;

// A module has no current script.
const script = ofDocument('currentScript') ?? Document.prototype.querySelector.call(document, 'script[data-inbox]');
if (isLoader(script) && installed()?.ready === undefined) {
  const loader = new Loader(script, script.dataset.inbox ?? '');
  if (ofDocument('body') === null) addEventListener('DOMContentLoaded', () => install(loader));
  else install(loader);
}
