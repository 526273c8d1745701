import type { AxiosInstance } from 'axios';
import type { FileStore } from './files.js';
import type { Ledger } from './ledger.js';
import type { PageSide } from './page-side.js';
import type { PersonSide } from './person-side.js';
import type { WebhookSender } from './webhook-sender.js';

/** The app on the platform that the hub is. */
export interface AppIdentity {
  id: string;
  secret: string;
  verifyToken: string;
}

/** What every part of the sandbox works with. */
export interface World {
  app: AppIdentity;
  ledger: Ledger;
  files: FileStore;
  sender: WebhookSender;
  people: PersonSide;
  page: PageSide;
  http: AxiosInstance;
  now: () => number;
  /** Where this sandbox is reached. */
  baseUrl: () => string;
}
