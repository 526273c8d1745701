import { randomUUID } from 'node:crypto';
import { act } from '../../src/commands/act.js';
import { SYSTEM } from '../../src/policies/index.js';
import { startSession } from '../../src/commands/access/start-session.js';
import type { Hub } from '../../src/hub.js';
import {
  AttachmentModel,
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  InboxModel,
  TeamModel,
  UserModel,
  type Attachment,
  type Contact,
  type ContactIdentity,
  type Conversation,
  type Inbox,
  type Team,
  type User,
} from '../../src/models/index.js';

/**
 * Documents as the store would have them, for tests that do not care how they came there. Each makes the parents that it was not
 * given, and is checked by its model's schema.
 */

/** Tickets of these tests are numbered beyond those that the hub gives. */
const numbers = { next: 1_000_000 };

export async function buildUser(told: Partial<User> = {}): Promise<User> {
  const usual = { name: 'Mara', email: `${randomUUID()}@example.com`, passwordHash: 'none', role: 'agent' as const };
  return (await UserModel.create({ ...usual, createdAt: new Date(), ...told })).toObject<User>();
}

/** Logs somebody in, without a password. */
export const logInAs = (hub: Hub, user: User): ReturnType<typeof startSession> =>
  act(hub, SYSTEM, (unit) => startSession(unit, user, { userAgent: null, address: null }));

/** A website, unless told otherwise. */
export async function buildInbox(told: Partial<Inbox> = {}): Promise<Inbox> {
  const usual = { channel: 'web', name: 'Shop', accountId: randomUUID(), createdAt: new Date() };
  return (await InboxModel.create({ ...usual, ...told })).toObject<Inbox>();
}

export async function buildTeam(told: Partial<Team> = {}): Promise<Team> {
  return (await TeamModel.create({ name: randomUUID(), createdAt: new Date(), ...told })).toObject<Team>();
}

export async function buildContact(told: Partial<Contact> = {}): Promise<Contact> {
  return (await ContactModel.create({ createdAt: new Date(), ...told })).toObject<Contact>();
}

/** Of a new contact in a new inbox, unless told otherwise. */
export async function buildIdentity(told: Partial<ContactIdentity> = {}): Promise<ContactIdentity> {
  const inbox = told.inbox ?? (await buildInbox())._id;
  const contact = told.contact ?? (await buildContact())._id;
  const usual = { externalId: `visitor:${randomUUID()}`, createdAt: new Date() };
  return (await ContactIdentityModel.create({ ...usual, ...told, inbox, contact })).toObject<ContactIdentity>();
}

/** The live thread of a new visitor, unless told otherwise. */
export async function buildConversation(told: Partial<Conversation> = {}): Promise<Conversation> {
  const known = told.identity === undefined ? null : await ContactIdentityModel.findById(told.identity).lean();
  const parents = told.inbox === undefined ? {} : { inbox: told.inbox };
  const { _id, inbox, contact } = known ?? (await buildIdentity(parents));
  const now = new Date();
  const usual = { number: numbers.next++, channel: 'web', current: true, lastActivityAt: now, createdAt: now };
  const row = { ...usual, inbox, contact, ...told, identity: _id };
  return (await ConversationModel.create(row)).toObject<Conversation>();
}

/** An uploaded text that no message has taken, unless told otherwise. */
export async function buildAttachment(told: Partial<Attachment> = {}): Promise<Attachment> {
  const usual = { kind: 'file' as const, name: 'a.txt', state: 'stored' as const, createdAt: new Date() };
  return (await AttachmentModel.create({ ...usual, ...told })).toObject<Attachment>();
}
