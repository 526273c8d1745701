import type { ChannelAdapter } from '../../channels/types.js';
import { inboxById } from '../models/cached-inboxes.js';
import { replyContext } from '../policies/reply-context.js';
import {
  ContactIdentityModel,
  ContactModel,
  ReadStateModel,
  type Contact,
  type ContactIdentity,
  type Conversation,
  type Inbox,
} from '../models/index.js';
import type { ContactDto } from '../shared/schemas/contact.js';
import type { ConversationDto, ConversationRowDto } from '../shared/schemas/conversation.js';
import type { ToldBy } from '../shared/words.js';
import { onStore } from '../storage/in-transaction.js';
import { signFilePath } from '../utils/signed-url.js';
import { namesOf } from './load-message-context.js';

const time = (date: Date | null | undefined): number => date?.getTime() ?? 0;

/** A name for a contact that has not told one: stable and friendlier than an id. */
export const contactName = (contact: Pick<Contact, '_id' | 'name'> | undefined): string =>
  contact?.name ??
  `Visitor ${String(contact?._id ?? '')
    .slice(-4)
    .toUpperCase()}`.trim();

/** How long the address of a contact's picture works at least: an inbox stays open all day. Milliseconds. */
const AVATAR_LINK_LIFETIME = 24 * 60 * 60 * 1000;

const avatarUrl = (hub: PresentingHub, contact: Contact | undefined): string | null =>
  contact?.avatar
    ? signFilePath(String(contact.avatar), {
        secret: hub.env.JWT_SECRET,
        now: hub.now(),
        lifetimeMs: AVATAR_LINK_LIFETIME,
      })
    : null;

/** Who told a value; what nobody is known to have vouched for is the contact's own word. */
const toldBy = (value: string | null | undefined, by: ToldBy | null | undefined): ToldBy | null =>
  value === null || value === undefined ? null : (by ?? 'contact');

const presentPage = (page: Contact['page'] | undefined): ContactDto['page'] =>
  page ? { url: page.url, title: page.title ?? null, referrer: page.referrer ?? null, at: time(page.at) } : null;

const presentContact = (hub: PresentingHub, contact: Contact | undefined): ContactDto => ({
  id: String(contact?._id ?? ''),
  name: contactName(contact),
  email: contact?.email ?? null,
  phone: contact?.phone ?? null,
  avatarUrl: avatarUrl(hub, contact),
  blocked: contact?.blocked ?? false,
  toldBy: {
    name: toldBy(contact?.name, contact?.nameBy),
    email: toldBy(contact?.email, contact?.emailBy),
    phone: toldBy(contact?.phone, contact?.phoneBy),
  },
  lastSeenAt: contact?.lastSeenAt?.getTime() ?? null,
  page: presentPage(contact?.page),
  attributes: Object.fromEntries((contact?.attributes ?? []).map(({ label, value }) => [label, value])),
});

/** What of the installation shows in a conversation: how its channel may be answered, and what signs addresses of files. */
interface PresentingHub {
  channels: ReadonlyMap<string, ChannelAdapter>;
  env: { JWT_SECRET: string };
  now(): number;
}

interface Around {
  inbox: Inbox | null;
  contact: Contact | undefined;
  identity: ContactIdentity | undefined;
  assigneeName: string | undefined;
}

function presentOne(
  hub: PresentingHub,
  conversation: Conversation,
  { inbox, contact, identity, assigneeName }: Around,
): ConversationDto {
  const capabilities = hub.channels.get(conversation.channel)?.capabilities;
  const hold = inbox?.sendHold;
  return {
    id: String(conversation._id),
    number: `TKT-${conversation.number}`,
    inbox: { id: String(conversation.inbox), name: inbox?.name ?? '', channel: conversation.channel },
    contact: presentContact(hub, contact),
    status: conversation.status,
    priority: conversation.priority,
    subject: conversation.subject ?? null,
    labels: (conversation.labels ?? []).map(String),
    assignee: conversation.assignee ? { id: String(conversation.assignee), name: assigneeName ?? 'Agent' } : null,
    current: conversation.current,
    previousConversationId: conversation.previous ? String(conversation.previous) : null,
    rev: conversation.rev,
    version: conversation.version,
    lastMessage: conversation.lastMessage
      ? {
          preview: conversation.lastMessage.preview,
          note: conversation.lastMessage.note ?? false,
          senderType: conversation.lastMessage.senderType,
          at: time(conversation.lastMessage.at),
        }
      : null,
    lastActivityAt: time(conversation.lastActivityAt),
    createdAt: time(conversation.createdAt),
    contactMessageCount: conversation.contactMessageCount,
    deliveredUpTo: time(conversation.deliveredUpTo),
    readUpTo: time(conversation.readUpTo),
    teamReadUpTo: time(conversation.teamReadUpTo),
    reply:
      capabilities === undefined || inbox === null
        ? { windowMs: null, humanAgentMs: null, lastInboundAt: null, blocked: false, disconnected: true, closed: false }
        : replyContext(capabilities, inbox, identity ?? null, contact ?? null, conversation),
    hold: hold ? { reason: hold.reason, until: hold.until?.getTime() ?? null } : null,
    threadOwner: conversation.threadOwner ?? null,
  };
}

/** What somebody has read already of what stands around conversations; the rest is read once for all of them. */
export interface Known {
  contact?: Contact;
  identity?: ContactIdentity;
}

/** Conversations as staff see them, with one query per kind of what stands around them. */
export async function presentConversations(
  hub: PresentingHub,
  conversations: Conversation[],
  known: Known = {},
): Promise<ConversationDto[]> {
  if (conversations.length === 0) return [];
  const [contacts, identities, names, inboxes] = await Promise.all([
    contactsOf(conversations, known),
    identitiesOf(hub, conversations, known),
    namesOf(
      'user',
      conversations.flatMap((row) => (row.assignee ? [String(row.assignee)] : [])),
    ),
    Promise.all([...new Set(conversations.map((row) => String(row.inbox)))].map((id) => inboxById(id))),
  ]);
  const inboxesById = byId(inboxes.filter((inbox) => inbox !== null));
  return conversations.map((row) =>
    presentOne(hub, row, {
      inbox: inboxesById.get(String(row.inbox)) ?? null,
      contact: contacts.get(String(row.contact)),
      identity: identities.get(String(row.identity)),
      assigneeName: row.assignee ? names.get(String(row.assignee)) : undefined,
    }),
  );
}

const byId = <T extends { _id: unknown }>(rows: readonly T[]) => new Map(rows.map((row) => [String(row._id), row]));

/** Those among the wanted that are not known, as ids. */
const missing = (wanted: { toString(): string }[], known: { _id: unknown } | undefined): string[] =>
  [...new Set(wanted.map(String))].filter((id) => id !== String(known?._id));

async function contactsOf(conversations: Conversation[], { contact }: Known): Promise<Map<string, Contact>> {
  const ids = missing(
    conversations.map((row) => row.contact),
    contact,
  );
  const found =
    ids.length === 0
      ? []
      : await onStore(
          ContactModel.find({ _id: { $in: ids } })
            .lean<Contact[]>()
            .exec(),
        );
  return byId(contact === undefined ? found : [...found, contact]);
}

/** Only where the channel has a reply window does anything of the identity show. */
async function identitiesOf(
  hub: PresentingHub,
  conversations: Conversation[],
  { identity }: Known,
): Promise<Map<string, ContactIdentity>> {
  const windowed = conversations.filter((row) => hub.channels.get(row.channel)?.capabilities.replyWindow !== null);
  const ids = missing(
    windowed.map((row) => row.identity),
    identity,
  );
  const found =
    ids.length === 0
      ? []
      : await onStore(
          ContactIdentityModel.find({ _id: { $in: ids } })
            .lean<ContactIdentity[]>()
            .exec(),
        );
  return byId(identity === undefined ? found : [...found, identity]);
}

/** One conversation as staff see it. */
export async function presentConversation(
  hub: PresentingHub,
  conversation: Conversation,
  known: Known = {},
): Promise<ConversationDto> {
  const [presented] = await presentConversations(hub, [conversation], known);
  if (presented === undefined) throw new Error('nothing was presented');
  return presented;
}

/** Conversations with how far this reader has read them. */
export async function presentRows(
  hub: PresentingHub,
  conversations: Conversation[],
  userId: string,
): Promise<ConversationRowDto[]> {
  const [presented, states] = await Promise.all([
    presentConversations(hub, conversations),
    conversations.length === 0
      ? []
      : onStore(
          ReadStateModel.find({ user: userId, conversation: { $in: conversations.map((row) => row._id) } })
            .lean()
            .exec(),
        ),
  ]);
  const counts = new Map(states.map((state) => [String(state.conversation), state.readCount]));
  return presented.map((row) => ({ ...row, readCount: counts.get(row.id) ?? 0 }));
}
