// Written by `npm run indexes` from the files beside it.
import type { AttachmentEvents } from './attachment.js';
import type { ContactEvents } from './contact.js';
import type { ConversationEvents } from './conversation.js';
import type { InboxEvents } from './inbox.js';
import type { LabelEvents } from './label.js';
import type { MessageEvents } from './message.js';
import type { UserEvents } from './user.js';

/** What is kept of each event, by its type. */
export type EventData = AttachmentEvents &
  ContactEvents &
  ConversationEvents &
  InboxEvents &
  LabelEvents &
  MessageEvents &
  UserEvents;
