import { useState, type ReactNode } from 'react';
import { refusalOf } from '../../api/failure.js';
import { uploadFile } from '../../api/upload.js';
import { useApp, type App } from '../../hooks/app-context.js';
import { InboxContext, type Inbox } from '../../hooks/inbox-context.js';
import { DraftStore } from '../../logic/drafts.js';
import { newId } from '../../logic/new-id.js';
import { UploadTray } from '../../stores/upload-tray.js';

/** Keeps what was written and chosen in the inbox while other areas are on screen. */
export function InboxProvider({ children }: { children: ReactNode }) {
  const app = useApp();
  const [inbox] = useState(() => createInbox(app));
  return <InboxContext.Provider value={inbox}>{children}</InboxContext.Provider>;
}

function createInbox({ http, user }: App): Inbox {
  const trays = new Map<string, UploadTray<File>>();
  const newTray = (): UploadTray<File> =>
    new UploadTray<File>({
      upload: (file, onProgress, signal) => uploadFile(http, file, onProgress, signal),
      describe: refusalOf,
      newId,
    });
  const trayOf = (conversationId: string): UploadTray<File> => {
    const tray = trays.get(conversationId) ?? newTray();
    trays.set(conversationId, tray);
    return tray;
  };
  return { drafts: new DraftStore(localStorage, user.id), trayOf };
}
