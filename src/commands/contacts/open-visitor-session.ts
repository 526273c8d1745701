import { randomUUID } from 'node:crypto';
import { forbidden, visitorSessionEnded } from '../../errors.js';
import { ContactIdentityModel, type ContactIdentity, type Inbox } from '../../models/index.js';
import { STRANGER, visitorOf } from '../../policies/index.js';
import { onStore } from '../../storage/in-transaction.js';
import type { LimitPolicy, Limits } from '../../storage/rate-limits.js';
import { limitAddress } from '../../utils/client-address.js';
import { isIdentityHash } from '../../utils/identity-hash.js';
import { readVisitorToken, signVisitorToken, TOKEN_LIFETIME, type VisitorClaims } from '../../utils/tokens.js';
import { changeContact } from './change-contact.js';
import { newOf, vouchedFields, type ContactDetails } from './contact-details.js';
import { endTokens } from './end-visitor-tokens.js';
import type { Hub } from '../../hub.js';
import { act, type Act } from '../act.js';
import { makeIdentity } from './make-identity.js';
import { identitySecretOf } from '../inboxes/inbox-config.js';
import { mergeIdentity, VOUCHED } from './merge-identity.js';
import { noteVisit, type Visit } from './note-visit.js';
import { recordAuditEvent } from '../access/record-audit-event.js';
import { assertOrigin, findWidgetInbox } from '../inboxes/widget-inbox.js';

/** What begins the external id of a visitor nobody knows. */
const ANONYMOUS = 'visitor:';

/** Seconds in which the strangers of one address may become so many contacts. */
const NEW_CONTACTS_WINDOW = 15 * 60;

/** A user of the website, vouched for by its server. */
export interface VouchedIdentity extends ContactDetails {
  id: string;
  /** See identityHash. */
  hash: string;
}

interface Props extends Visit {
  inboxKey: string;
  /** The visitor's earlier token; one that is not genuine or of another inbox counts as none. */
  token?: string;
  identity?: VouchedIdentity;
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
 * that history resumes on every device, and every token given out before is worth nothing from then on: somebody else may have
 * kept one on a shared computer. One visitor's known identity is never mixed with another's (SPEC 3.3).
 * @throws AppError 403 for a website that is not listed or a wrong hash, with nothing changed; 401 for a token that has ended,
 * unless the website vouches for the visitor; 404 for an unknown key; 429 for one stranger too many of an address; 503.
 */
export async function openVisitorSession(hub: Hub, props: Props): Promise<VisitorSession> {
  const { inboxKey, token, identity: vouched, origin, from } = props;
  const inbox = await findWidgetInbox(hub, inboxKey);
  assertOrigin(hub, inbox, origin);
  if (vouched !== undefined) await assertVouched(hub, inbox, vouched);
  const held = await holderOf(hub, inbox, token);
  const hasEnded = held !== null && !isOfThisEpoch(held, held.identity);
  // A stranger instead would take the place of the token that another tab of this browser is just being given.
  if (hasEnded && vouched === undefined) throw visitorSessionEnded();
  const known = held === null || hasEnded ? null : held.identity;
  if (known === null && vouched === undefined) await countStranger(hub, from);
  const identity = await act(hub, known === null ? STRANGER : visitorOf(known), async (unit) => {
    const met =
      vouched === undefined
        ? (known ?? (await makeStranger(unit, inbox)))
        : await identify(unit, inbox, known, vouched);
    await noteVisit(unit, inbox, met, props);
    return met;
  });
  return { token: tokenFor(hub, identity, held), identity, inbox };
}

async function assertVouched(hub: Hub, inbox: Inbox, { id, hash }: VouchedIdentity): Promise<void> {
  const secret = identitySecretOf(hub, inbox.credentials ?? null);
  if (secret !== null && isIdentityHash(hash, id, secret)) return;
  const subject = `inbox:${inbox._id.toString()}`;
  await onStore(recordAuditEvent({ type: 'identity.refused', actor: STRANGER, subject, at: hub.now() }));
  throw forbidden('This website could not prove who you are.');
}

/** A genuine token of the inbox, and whose it is. */
interface HeldToken {
  token: string;
  claims: VisitorClaims;
  identity: ContactIdentity;
}

async function holderOf(hub: Hub, inbox: Inbox, token: string | undefined): Promise<HeldToken | null> {
  if (token === undefined) return null;
  const claims = readVisitorToken(token, hub.env.JWT_SECRET, hub.now());
  if (claims === null || claims.inboxId !== inbox._id.toString()) return null;
  const found = ContactIdentityModel.findOne({ _id: claims.identityId, inbox: inbox._id });
  const identity = await onStore(found.lean<ContactIdentity>().exec());
  return identity === null ? null : { token, claims, identity };
}

const isOfThisEpoch = ({ claims }: HeldToken, identity: ContactIdentity): boolean =>
  claims.identityId === identity._id.toString() && claims.epoch === (identity.tokenEpoch ?? 0);

/** The token of an identity: the one its holder has while it lasts, since tabs that get a new one tell each other. */
function tokenFor(hub: Hub, identity: ContactIdentity, held: HeldToken | null): string {
  const halfOver = hub.now() + TOKEN_LIFETIME.visitor / 2;
  if (held !== null && isOfThisEpoch(held, identity) && held.claims.expiresAt > halfOver) return held.token;
  const claims = { identityId: identity._id.toString(), inboxId: identity.inbox.toString() };
  return signVisitorToken({ ...claims, epoch: identity.tokenEpoch ?? 0 }, hub.env.JWT_SECRET, hub.now());
}

/** Every stranger is a new contact, whatever led here: they are counted where they are made. */
async function countStranger(hub: Hub, from: Props['from']): Promise<void> {
  const points = hub.env.RATE_LIMIT_NEW_CONTACTS;
  const policy: LimitPolicy = { name: 'new-contacts', points, seconds: NEW_CONTACTS_WINDOW };
  if (from !== null) await from.limits.consume(policy, limitAddress(from.address));
}

const makeStranger = (unit: Act, inbox: Inbox): Promise<ContactIdentity> =>
  makeIdentity(unit, { inbox, externalId: ANONYMOUS + randomUUID() });

/** The identity of a vouched user, with the details given now and what the visitor did anonymously before. */
async function identify(
  unit: Act,
  inbox: Inbox,
  known: ContactIdentity | null,
  { id, ...details }: VouchedIdentity,
): Promise<ContactIdentity> {
  const { session } = unit;
  const externalId = VOUCHED + id;
  const contact = vouchedFields(details);
  const own = await ContactIdentityModel.findOne({ inbox: inbox._id, externalId }, null, { session }).lean();
  const stranger = known === null ? null : await readAnonymous(unit, known);
  const tokenEpoch = stranger === null ? null : await endTokens(unit, stranger);
  if (own !== null) {
    await changeContact(unit, own, (before) => newOf(before, contact));
    if (stranger !== null) await mergeIdentity(unit, stranger, own);
    return own;
  }
  if (stranger === null || tokenEpoch === null) return makeIdentity(unit, { inbox, externalId, contact });
  await ContactIdentityModel.updateOne({ _id: stranger._id }, { $set: { externalId } }, { session });
  const identified = { ...stranger, externalId, tokenEpoch };
  await changeContact(unit, identified, (before) => newOf(before, contact));
  return identified;
}

/** The visitor's identity as it is in this act, unless a website has vouched for it or its tokens have ended already. */
async function readAnonymous({ session }: Act, known: ContactIdentity): Promise<ContactIdentity | null> {
  const identity = await ContactIdentityModel.findById(known._id, null, { session }).lean();
  if (identity?.externalId.startsWith(ANONYMOUS) !== true) return null;
  return (identity.tokenEpoch ?? 0) === (known.tokenEpoch ?? 0) ? identity : null;
}
