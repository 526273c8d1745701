import type { Changed } from '../changed.js';

export interface InboxEvents {
  'inbox.stateChanged': { inbox: string } & Changed<string>;
}
