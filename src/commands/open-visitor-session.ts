import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import { forbidden } from '../errors.js';
import { ContactIdentityModel, ContactModel, type ContactIdentity, type Inbox } from '../models/index.js';
import { inTransaction, onStore } from '../storage/in-transaction.js';
import type { LimitPolicy, Limits } from '../storage/rate-limits.js';
import { limitAddress } from '../utils/client-address.js';
import { isIdentityHash } from '../utils/identity-hash.js';
import { readVisitorToken, signVisitorToken } from '../utils/tokens.js';
import type { Hub } from './hub.js';
import { identitySecretOf } from './inbox-config.js';
import { mergeIdentity, VOUCHED } from './merge-identity.js';
import { recordAuditEvent } from './record-audit-event.js';
import { setAttributes } from './set-attributes.js';
import { assertOrigin, findWidgetInbox } from './widget-inbox.js';

/** What begins the external id of a visitor nobody knows. */
const ANONYMOUS = 'visitor:';

/** Seconds in which the strangers of one address may become so many contacts. */
const NEW_CONTACTS_WINDOW = 15 * 60;

/** A user of the website, vouched for by its server. */
export interface VouchedIdentity {
  id: string;
  name?: string;
  email?: string;
  /** See identityHash. */
  hash: string;
}

interface Props {
  inboxKey: string;
  /** The visitor's earlier token; one that is not genuine or of another inbox counts as none. */
  token?: string;
  identity?: VouchedIdentity;
  /** Shown to the team beside the contact. */
  attributes?: Record<string, string>;
  /** Of the page that asks. */
  origin: string | null;
  /** Where the visitor comes from, which bounds how many contacts its strangers become; null: the hub itself asks. */
  from: { limits: Limits; address: string } | null;
}

export interface VisitorSession {
  token: string;
  identity: ContactIdentity;
  inbox: Inbox;
}

/**
 * Opens or takes up a visitor's session in a widget inbox. A vouched identity takes over what the visitor did anonymously, so
 * that history resumes on every device; one visitor's known identity is never mixed with another's (SPEC 3.3).
 * @throws AppError 403 for a website that is not listed or a wrong hash, with nothing changed; 404 for an unknown key; 429 for one
 * stranger too many of an address; 503.
 */
export async function openVisitorSession(hub: Hub, props: Props): Promise<VisitorSession> {
  const { inboxKey, token, identity: vouched, origin, from } = props;
  const inbox = await findWidgetInbox(hub, inboxKey);
  assertOrigin(hub, inbox, origin);
  if (vouched !== undefined) await assertVouched(hub, inbox, vouched);
  const known = await identityOfToken(hub, inbox, token);
  const identity =
    vouched === undefined
      ? (known ?? (await addStranger(hub, inbox, from)))
      : await identify(hub, inbox, known, vouched);
  await setAttributes(hub, identity, props.attributes ?? {});
  const claims = { identityId: identity._id.toString(), inboxId: inbox._id.toString() };
  return { token: signVisitorToken(claims, hub.env.JWT_SECRET, hub.now()), identity, inbox };
}

async function assertVouched(hub: Hub, inbox: Inbox, { id, hash }: VouchedIdentity): Promise<void> {
  const secret = identitySecretOf(hub, inbox.credentials ?? null);
  if (secret !== null && isIdentityHash(hash, id, secret)) return;
  const subject = `inbox:${inbox._id.toString()}`;
  await onStore(recordAuditEvent({ type: 'identity.refused', actor: null, subject, at: hub.now() }));
  throw forbidden('This website could not prove who you are.');
}

async function identityOfToken(hub: Hub, inbox: Inbox, token: string | undefined): Promise<ContactIdentity | null> {
  const claims = token === undefined ? null : readVisitorToken(token, hub.env.JWT_SECRET, hub.now());
  if (claims === null || claims.inboxId !== inbox._id.toString()) return null;
  const identity = ContactIdentityModel.findOne({ _id: claims.identityId, inbox: inbox._id });
  return onStore(identity.lean<ContactIdentity>().exec());
}

/** Every stranger is a new contact, whatever led here: they are counted where they are made. */
async function addStranger(hub: Hub, inbox: Inbox, from: Props['from']): Promise<ContactIdentity> {
  const points = hub.env.RATE_LIMIT_NEW_CONTACTS;
  const policy: LimitPolicy = { name: 'new-contacts', points, seconds: NEW_CONTACTS_WINDOW };
  if (from !== null) await from.limits.consume(policy, limitAddress(from.address));
  return inTransaction((session) => addIdentity(hub, inbox, ANONYMOUS + randomUUID(), {}, session));
}

async function addIdentity(
  hub: Hub,
  inbox: Inbox,
  externalId: string,
  details: { name?: string; email?: string },
  session: ClientSession,
): Promise<ContactIdentity> {
  const createdAt = new Date(hub.now());
  const options = { session, ordered: true } as const;
  const [contact] = await ContactModel.create([{ ...details, createdAt }], options);
  if (contact === undefined) throw new Error('The store made no contact.');
  const row = { inbox: inbox._id, externalId, contact: contact._id, createdAt };
  const [identity] = await ContactIdentityModel.create([row], options);
  if (identity === undefined) throw new Error('The store made no identity.');
  return identity.toObject<ContactIdentity>();
}

/** The identity of a vouched user, with the details given now and what the visitor did anonymously before. */
async function identify(
  hub: Hub,
  inbox: Inbox,
  known: ContactIdentity | null,
  { id, name, email }: VouchedIdentity,
): Promise<ContactIdentity> {
  const externalId = VOUCHED + id;
  const details = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  const { identity, changed } = await inTransaction(async (session) => {
    const own = await ContactIdentityModel.findOne({ inbox: inbox._id, externalId })
      .session(session)
      .lean<ContactIdentity>()
      .exec();
    const stranger = known === null ? null : await readAnonymous(known, session);
    if (own !== null) {
      await ContactModel.updateOne({ _id: own.contact }, { $set: details }, { session });
      return { identity: own, changed: stranger === null ? [] : await mergeIdentity(stranger, own, session) };
    }
    if (stranger === null)
      return { identity: await addIdentity(hub, inbox, externalId, details, session), changed: [] };
    await ContactIdentityModel.updateOne({ _id: stranger._id }, { $set: { externalId } }, { session });
    await ContactModel.updateOne({ _id: stranger.contact }, { $set: details }, { session });
    return { identity: { ...stranger, externalId }, changed: [] };
  });
  for (const conversation of changed)
    hub.emitAfterCommit({ type: 'conversation', conversation, created: false, messages: [] });
  return identity;
}

/** The visitor's identity as it is in this transaction, unless a website has vouched for it already. */
async function readAnonymous(known: ContactIdentity, session: ClientSession): Promise<ContactIdentity | null> {
  const identity = await ContactIdentityModel.findById(known._id).session(session).lean<ContactIdentity>().exec();
  return identity?.externalId.startsWith(ANONYMOUS) === true ? identity : null;
}
