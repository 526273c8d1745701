import type { InboundEvent, WebhookItem } from '../types.js';
import * as activities from './activity-events.js';
import { isFromPage, kindOf } from './events.js';
import { id, integer, millis, record, text, type Json } from './fields.js';
import * as messages from './message-events.js';
import { unsupported, type EventReader } from './scene.js';
import type { MessengerEnv } from './types.js';

const OF_CONTACTS = new Map<string, EventReader>([
  ['message', messages.readMessage],
  ['postback', messages.readPostback],
  ['delivery', messages.readDelivery],
  ['read', messages.readRead],
  ['reaction', messages.readReaction],
  ['message_edit', messages.readEdit],
  ['referral', activities.readReferral],
  ['optin', activities.readOptin],
  ['pass_thread_control', activities.readThreadControl('pass')],
  ['take_thread_control', activities.readThreadControl('take')],
  ['request_thread_control', activities.readThreadRequest],
  ['account_linking', activities.readAccountLink],
  ['messaging_feedback', activities.readFeedback],
  ['response_feedback', activities.readResponseFeedback],
]);
const OF_THE_PAGE = new Map<string, EventReader>([
  ['policy_enforcement', activities.readPolicyEnforcement],
  ['app_roles', activities.readAppRoles],
]);
/** Receipts may come without a time of their own; their watermark is what counts. */
const TIMELESS = new Set(['delivery', 'read']);

/** Turns one stored event into what happened. Pure; what it does not understand is `unsupported`, never an error. */
export function parseEvent(
  item: Pick<WebhookItem, 'accountId' | 'contactId' | 'dedupeKey' | 'payload'>,
  env: MessengerEnv,
): InboundEvent[] {
  const { object, list } = item.payload;
  const event = record(item.payload.event) ?? {};
  if (object !== 'page') return unsupported(`An event of "${text(object) ?? 'nothing'}"`);
  if (list === 'changes')
    return unsupported(`A Page change "${text(event.field) ?? ''}" (or a test of the App Dashboard)`);
  if (list !== 'messaging' && list !== 'standby') return unsupported('An entry without events');
  if (!concerns(item.accountId, event)) return unsupported('The event names another Page than its envelope');

  const kind = kindOf(event);
  const reader = OF_THE_PAGE.get(kind) ?? OF_CONTACTS.get(kind);
  const body = record(event[kind]);
  if (reader === undefined || body === null) return unsupported(`Unknown event "${kind}"`);
  if (item.contactId === null && OF_CONTACTS.has(kind)) return unsupported(`A "${kind}" of nobody`);

  const at = millis(event.timestamp) ?? integer(item.payload.time);
  if (at === null && !TIMELESS.has(kind)) return unsupported(`A "${kind}" without a time`);
  return reader(body, {
    accountId: item.accountId,
    dedupeKey: item.dedupeKey,
    fromPage: isFromPage(event, item.accountId),
    standby: list === 'standby',
    at: at ?? 0,
    env,
  });
}

/** The envelope's Page must be one of the two sides, where both are named. */
function concerns(accountId: string, event: Json): boolean {
  const sides = [id(record(event.sender)?.id), id(record(event.recipient)?.id)].filter((side) => side !== null);
  return sides.length < 2 || sides.includes(accountId);
}
