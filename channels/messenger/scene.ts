import type { ActivityEvent, InboundEvent } from '../types.js';
import type { Json } from './fields.js';
import type { MessengerEnv } from './types.js';

/** What a reader of one event kind gets besides the event's own part. */
export interface Scene {
  accountId: string;
  dedupeKey: string;
  fromPage: boolean;
  /** Another app holds the thread. */
  standby: boolean;
  /** The user's action, milliseconds. */
  at: number;
  env: MessengerEnv;
}

export type EventReader = (body: Json, scene: Scene) => InboundEvent[];

/** The app under which the Page's own inbox acts (Meta's page "Passing Thread Control"). */
const PAGE_INBOX_APP = '263902037430900';

/** An app, for people. Null: the platform did not say. */
export function appName(appId: string | null): string {
  if (appId === null) return 'Page';
  return appId === PAGE_INBOX_APP ? 'Page inbox' : `App ${appId}`;
}

/** Whether it is surely another app than ours. */
export function isForeignApp(appId: string | null, env: MessengerEnv): boolean {
  if (appId === null || appId === env.META_APP_ID) return false;
  return env.META_APP_ID !== undefined || appId === PAGE_INBOX_APP;
}

export function unsupported(reason: string): InboundEvent[] {
  return [{ type: 'unsupported', reason }];
}

/** A line in the thread; `part` tells several of one event apart. */
export function activity(
  scene: Scene,
  name: string,
  data: ActivityEvent['data'],
  options: { opensWindow?: boolean; part?: string } = {},
): ActivityEvent {
  return {
    type: 'activity',
    activity: name,
    data,
    occurredAt: scene.at,
    externalId: options.part === undefined ? scene.dedupeKey : `${scene.dedupeKey}:${options.part}`,
    opensWindow: options.opensWindow ?? false,
  };
}
