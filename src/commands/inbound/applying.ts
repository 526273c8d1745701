import type mongoose from 'mongoose';
import type { InboundEvent } from '../../../channels/types.js';
import { MessageModel, type ContactIdentity, type Inbox, type Message, type WebhookEvent } from '../../models/index.js';
import type { Act } from '../act.js';
import { meetIdentity } from '../contacts/meet-identity.js';

/** What came of one normalised event. `waiting`: it is about a message we do not know yet. */
export type Outcome = { kind: 'done' } | { kind: 'ignored' } | { kind: 'waiting'; for: string } | { kind: 'postponed' };

export const DONE: Outcome = { kind: 'done' };
export const IGNORED: Outcome = { kind: 'ignored' };

/** One act that applies events of one lane. */
export interface Applying {
  act: Act;
  inbox: Inbox;
  /** The lane's contact on the platform; null: the events concern the account. */
  contactId: string | null;
  /** The contact's identity, written once per act. @throws Error when the lane has no contact. */
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
  base: Pick<Applying, 'act' | 'inbox' | 'contactId'>,
  openedWindowAt: Date | null,
): Applying {
  let identity: Promise<ContactIdentity> | null = null;
  const { act, inbox, contactId } = base;
  return {
    ...base,
    identity: () => {
      if (contactId === null) throw new Error('an event without a contact cannot belong to a thread');
      identity ??= meetIdentity(act, { inbox, externalId: contactId, openedWindowAt });
      return identity;
    },
    byExternalId: (externalId) =>
      MessageModel.findOne({ inbox: inbox._id, externalIds: externalId }, null, { session: act.session }).lean().exec(),
  };
}

/** Reading order of what arrives: never later than its arrival (PROTOCOLS 3). */
export const inboundOrder = (occurredAt: number, receivedAt: Date): Date =>
  new Date(Math.min(occurredAt, receivedAt.getTime()));

export type ObjectId = mongoose.Types.ObjectId;
