import { createContext, useContext } from 'react';
import type { UserDto } from '../../../src/shared/schemas/user.js';
import type { StaffApi } from '../api/endpoints.js';
import type { Session } from '../api/session.js';
import type { DraftStore } from '../logic/drafts.js';
import type { InboxLive } from '../stores/inbox-live.js';
import type { UploadTray } from '../stores/upload-tray.js';

/** What every part of the logged-in inbox works with. */
export interface Inbox {
  user: UserDto;
  session: Session;
  api: StaffApi;
  live: InboxLive;
  drafts: DraftStore;
  /** The files waiting in one conversation's composer; they outlive a change of conversation. */
  trayOf(conversationId: string): UploadTray<File>;
}

export const InboxContext = createContext<Inbox | null>(null);

/** The inbox around a component. Throws outside of it. */
export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (inbox === null) throw new Error('useInbox needs the inbox scene around it');
  return inbox;
}
