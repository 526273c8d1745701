/** What the scripting API answers, as far as the phone page shows it. Times are milliseconds since the epoch. */

export interface StoredFile {
  id: string;
  name: string;
  mimeType: string;
  size: number;
  kind: 'image' | 'audio' | 'video' | 'file';
}

export interface Button {
  type: 'web_url' | 'postback' | 'phone_number';
  title: string;
  url?: string;
  payload?: string;
}

export interface Attachment {
  type: string;
  title?: string;
  url?: string | null;
  payload?: {
    url?: string;
    sticker_id?: number;
    coordinates?: { lat: number; long: number };
    template_type?: string;
    text?: string;
    buttons?: Button[];
    elements?: { title: string; subtitle?: string; image_url?: string; buttons?: Button[] }[];
  };
  file?: StoredFile;
}

export interface QuickReply {
  content_type: string;
  title?: string;
  payload?: string;
}

export interface Message {
  mid: string;
  /** `in`: the person at this phone wrote it. */
  direction: 'in' | 'out';
  appId: string | null;
  at: number;
  text: string | null;
  attachments: Attachment[];
  quickReplies: QuickReply[];
  replyTo: string | null;
  edits: number;
  unsent: boolean;
  reactions: { person?: { reaction: string; emoji: string }; page?: { reaction: string; emoji: string } };
  /** How far the hub was told. */
  webhook: 'queued' | 'delivered' | 'dropped' | 'unsubscribed' | null;
}

export interface Person {
  id: string;
  pageId: string;
  firstName: string;
  lastName: string;
  lastMessageAt: number | null;
  threadOwner: string | null;
  seenByPageAt: number | null;
  readUpTo: number;
  unread: number;
  last: Message | null;
}

export interface MenuItem {
  type?: string;
  title?: string;
  question?: string;
  payload?: string;
  url?: string;
}

export interface Page {
  id: string;
  name: string;
  tokenFault: number | null;
  subscribedFields: string[] | null;
  profile: {
    get_started?: { payload: string };
    greeting?: { locale: string; text: string }[];
    ice_breakers?: (MenuItem & { call_to_actions?: MenuItem[] })[];
    persistent_menu?: { call_to_actions?: MenuItem[] }[];
  };
}

export type Mode = { type: string } & Record<string, unknown>;

export interface Rule {
  id: string;
  kind: string;
  match: { personId?: string; event?: string; text?: string };
  times: number | null;
  mode: Mode;
}

export interface Settings {
  delivery: 'auto' | 'off';
  read: 'auto' | 'off';
  receiptDelayMs: number;
  batch: number;
  requireProof: boolean;
  usagePercent: number | null;
}

export interface SandboxState {
  app: { id: string };
  webhook: { url: string; verifiedAt: number | null; lastVerification: number | string | null; queued: number };
  pages: Page[];
  people: Person[];
  settings: Settings;
  rules: Rule[];
}

export interface Thread {
  messages: Message[];
  total: number;
  /** When the Page's typing mark lapses; null: nobody types. */
  typing: { page: number | null };
}

export interface KnownError {
  code: number;
  subcode: number | null;
  message: string;
}
