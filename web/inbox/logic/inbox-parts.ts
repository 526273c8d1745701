import type { ComponentType } from 'react';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { ListView } from '../../../src/shared/schemas/view.js';
import type { CommandPart } from '../stores/command-registry.js';
import type { AreaContext, PaletteEntry } from './areas.js';

/** Draws something about one conversation. */
export type ConversationPart = ComponentType<{ conversation: ConversationRowDto }>;

/**
 * What a feature adds to the inbox. `parts/<id>/part.tsx` exports one as `part`; nothing else names it. All of it is loaded with the
 * inbox, so that what few open is best `lazy`.
 */
export interface InboxPart {
  /** The name of its folder. */
  id: string;
  /** Ascending where parts stand beside each other; tens, so that others fit between. */
  order: number;
  /** Below the lines of a conversation in the list. */
  Row?: ConversationPart;
  /** Among the buttons of a thread's header. */
  Action?: ConversationPart;
  /** A line of its own in the header; one that has nothing to say draws nothing. */
  Strip?: ConversationPart;
  /** At the head of the list: what narrows it. */
  Filter?: ComponentType<{ view: ListView }>;
  /** As an area's. */
  commands?: (context: AreaContext) => CommandPart[];
  entries?: (context: AreaContext) => Promise<PaletteEntry[]>;
}

/**
 * The parts of a glob over `parts/<id>/part.tsx`, in their order. @throws Error for one that is not named like its folder: a
 * mistake of whoever wrote it.
 */
export function collectParts(found: Record<string, InboxPart>): InboxPart[] {
  for (const [path, { id }] of Object.entries(found)) {
    if (path.split('/').at(-2) !== id)
      throw new Error(`${path} calls itself "${id}"; a part is named like its folder.`);
  }
  return Object.values(found).sort((a, b) => a.order - b.order || a.id.localeCompare(b.id));
}
