import type { ChatClient } from './client/chat-client.js';
import type { ChatEventName, ChatEvents } from './client/chat-state.js';
import type { Identity } from '../../src/shared/schemas/visitor.js';
import type { ApiCall } from './context.js';

type Listener = (data: ChatEvents[ChatEventName]) => void;

/** The listeners of the host page. What a listener throws is the page's own affair and stops nothing here. */
export class PageListeners {
  private readonly byName = new Map<string, Listener[]>();

  add(name: string, listener: Listener): void {
    this.byName.set(name, [...(this.byName.get(name) ?? []), listener]);
  }

  emit(name: ChatEventName, data: ChatEvents[ChatEventName]): void {
    for (const listener of this.byName.get(name) ?? []) {
      try {
        listener(data);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The user that a page names, if it names one properly. */
export function toIdentity(value: unknown): Identity | null {
  if (!isRecord(value) || typeof value.hash !== 'string') return null;
  if (typeof value.id !== 'string' && typeof value.id !== 'number') return null;
  return {
    id: String(value.id),
    hash: value.hash,
    ...(typeof value.name === 'string' ? { name: value.name } : {}),
    ...(typeof value.email === 'string' ? { email: value.email } : {}),
  };
}

/** Carries out `identify`, `setAttributes` and `on`; other commands are the loader's or unknown, and do nothing. */
export function carryOut(call: ApiCall, client: ChatClient, listeners: PageListeners): void {
  const [command, first, second] = call;
  if (command === 'identify') {
    const identity = toIdentity(first);
    if (identity !== null) client.identify(identity);
  } else if (command === 'setAttributes' && isRecord(first)) {
    const entries = Object.entries(first).map(([key, value]) => [key, String(value)] as const);
    client.setAttributes(Object.fromEntries(entries));
  } else if (command === 'on' && typeof first === 'string' && typeof second === 'function') {
    listeners.add(first, second as Listener);
  }
}
