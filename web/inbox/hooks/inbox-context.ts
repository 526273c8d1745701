import { createContext, useContext } from 'react';
import type { DraftStore } from '../logic/drafts.js';
import type { UploadTray } from '../stores/upload-tray.js';

/** What the inbox keeps while other areas are on screen. */
export interface Inbox {
  drafts: DraftStore;
  /** The files waiting in one conversation's composer; they outlive a change of conversation. */
  trayOf(conversationId: string): UploadTray<File>;
}

export const InboxContext = createContext<Inbox | null>(null);

/** The inbox around a component. Throws outside of the app. */
export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (inbox === null) throw new Error('useInbox needs the InboxProvider around it');
  return inbox;
}
