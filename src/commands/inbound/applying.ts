import type mongoose from 'mongoose';
import type { ClientSession } from 'mongoose';
import type { InboundEvent } from '../../../channels/types.js';
import { MessageModel, type ContactIdentity, type Inbox, type Message, type WebhookEvent } from '../../models/index.js';
import type { Aftermath } from '../aftermath.js';
import type { Hub } from '../hub.js';
import { touchIdentity } from './landing.js';

/** What came of one normalised event. `waiting`: it is about a message we do not know yet. */
export type Outcome = { kind: 'done' } | { kind: 'ignored' } | { kind: 'waiting'; for: string } | { kind: 'postponed' };

export const DONE: Outcome = { kind: 'done' };
export const IGNORED: Outcome = { kind: 'ignored' };

/** One transaction that applies events of one lane. */
export interface Applying {
  hub: Hub;
  session: ClientSession;
  aftermath: Aftermath;
  inbox: Inbox;
  /** The lane's contact on the platform; null: the events concern the account. */
  contactId: string | null;
  /** The contact's identity, written once per transaction. @throws Error when the lane has no contact. */
  identity(): Promise<ContactIdentity>;
  /** A message by one of its platform ids. */
  byExternalId(externalId: string): Promise<Message | null>;
}

/** A handler applies one kind of normalised event inside the transaction. */
export type Handler<E extends InboundEvent = InboundEvent> = (
  applying: Applying,
  event: E,
  stored: WebhookEvent,
) => Promise<Outcome>;

/** @param openedWindowAt the newest moment in the batch at which the contact opened the reply window. */
export function createApplying(
  base: Pick<Applying, 'hub' | 'session' | 'aftermath' | 'inbox' | 'contactId'>,
  openedWindowAt: Date | null,
): Applying {
  let identity: Promise<ContactIdentity> | null = null;
  const { hub, session, aftermath, inbox, contactId } = base;
  return {
    ...base,
    identity: () => {
      if (contactId === null) throw new Error('an event without a contact cannot belong to a thread');
      identity ??= touchIdentity(hub, session, aftermath, { inbox, externalId: contactId, openedWindowAt });
      return identity;
    },
    byExternalId: (externalId) =>
      MessageModel.findOne({ inbox: inbox._id, externalIds: externalId }, null, { session }).lean().exec(),
  };
}

/** Reading order of what arrives: never later than its arrival (PROTOCOLS 3). */
export const inboundOrder = (occurredAt: number, receivedAt: Date): Date =>
  new Date(Math.min(occurredAt, receivedAt.getTime()));

/** Reading order of what we write: after everything that stands there. */
export const ourOrder = (now: number, lastOrderAt: Date | null | undefined): Date =>
  new Date(Math.max(now, (lastOrderAt?.getTime() ?? 0) + 1));

export type ObjectId = mongoose.Types.ObjectId;
