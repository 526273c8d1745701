import { id, record, type Json } from './fields.js';

/** Event keys we understand, by which an element of `messaging` tells what it is. */
const KNOWN_KINDS = [
  'message',
  'postback',
  'delivery',
  'read',
  'reaction',
  'message_edit',
  'referral',
  'optin',
  'pass_thread_control',
  'take_thread_control',
  'request_thread_control',
  'app_roles',
  'account_linking',
  'policy_enforcement',
  'messaging_feedback',
  'response_feedback',
];
const ENVELOPE_KEYS = new Set(['sender', 'recipient', 'timestamp']);

/** The one key that is not the envelope's: what happened. `nothing` if there is none. */
export function kindOf(event: Json): string {
  const known = KNOWN_KINDS.find((kind) => Object.hasOwn(event, kind));
  const [other] = Object.keys(event)
    .filter((key) => !ENVELOPE_KEYS.has(key))
    .sort();
  return known ?? other ?? 'nothing';
}

/** Whether the Page's side did it: echoes name the Page as their sender. Such an event is never the contact's word. */
export function isFromPage(event: Json, accountId: string): boolean {
  return record(event.message)?.is_echo === true || id(record(event.sender)?.id) === accountId;
}

/** The contact of an event: PSID, or `user_ref:<ref>` for people who are known only by a plugin's reference. */
export function contactOf(event: Json, accountId: string): string | null {
  const side = record(isFromPage(event, accountId) ? event.recipient : event.sender);
  const psid = id(side?.id);
  if (psid !== null) return psid === accountId ? null : psid;
  const reference = id(side?.user_ref) ?? id(record(event.optin)?.user_ref);
  return reference === null ? null : USER_REF + reference;
}

/** Marks a contact id that is a plugin's reference, not a PSID. */
export const USER_REF = 'user_ref:';
