import { AttachmentModel, ContactModel, MessageModel, UserModel, type Contact, type Message } from '../models/index.js';
import { onStore } from '../storage/in-transaction.js';
import { TtlCache } from '../utils/ttl-cache.js';
import type { MessageDto } from '../shared/schemas/message.js';
import { presentMessage, type MessageContext } from './message.js';

const NAMES_FOR = 5_000;
const names = new TtlCache<string | null>(NAMES_FOR);

/** Names of people by id, at most 5 s old. */
export async function namesOf(kind: 'user' | 'contact', ids: Iterable<string>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await Promise.all(
    [...new Set(ids)].map(async (id) => {
      const name = await names.get(`${kind}:${id}`, async () => {
        const query = kind === 'user' ? UserModel.findById(id, 'name') : ContactModel.findById(id, 'name');
        return (await onStore<{ name?: string | null } | null>(query.lean().exec()))?.name ?? null;
      });
      if (name !== null) found.set(id, name);
    }),
  );
  return found;
}

/** Names of contacts by id; that of one who is known already is not looked up. */
async function contactNames(ids: string[], known: Pick<Contact, '_id' | 'name'> | undefined) {
  const names = await namesOf(
    'contact',
    ids.filter((id) => id !== String(known?._id)),
  );
  if (known?.name) names.set(String(known._id), known.name);
  return names;
}

/**
 * Everything that presenting these messages needs, in one query per kind.
 * @param contact who wrote, where somebody has read them already.
 */
export async function loadMessageContext(
  messages: Message[],
  env: { JWT_SECRET: string },
  now: number,
  contact?: Pick<Contact, '_id' | 'name'>,
): Promise<MessageContext> {
  const attachmentIds = messages.flatMap((message) => message.attachments);
  const senders = (type: 'agent' | 'contact') =>
    messages.flatMap((message) => (message.senderType === type && message.sender ? [String(message.sender)] : []));
  const [attachments, userNames, names, answered] = await Promise.all([
    attachmentIds.length === 0
      ? []
      : onStore(
          AttachmentModel.find({ _id: { $in: attachmentIds } })
            .lean()
            .exec(),
        ),
    namesOf('user', senders('agent')),
    contactNames(senders('contact'), contact),
    loadAnswered(messages),
  ]);
  return {
    secret: env.JWT_SECRET,
    now,
    attachments: new Map(attachments.map((attachment) => [String(attachment._id), attachment])),
    userNames,
    contactNames: names,
    answered,
  };
}

async function loadAnswered(messages: Message[]): Promise<Map<string, Message>> {
  const byOurs = messages.flatMap((message) => (message.replyTo?.message ? [message.replyTo.message] : []));
  const byTheirs = messages.flatMap((message) => (message.replyTo?.externalId ? [message.replyTo.externalId] : []));
  const found = new Map<string, Message>();
  const first = messages[0];
  if (first === undefined) return found;
  if (byOurs.length > 0) {
    const rows = await onStore(
      MessageModel.find({ _id: { $in: byOurs }, identity: first.identity })
        .lean()
        .exec(),
    );
    for (const row of rows) found.set(String(row._id), row);
  }
  if (byTheirs.length > 0) {
    const rows = await onStore(
      MessageModel.find({ inbox: first.inbox, externalIds: { $in: byTheirs } })
        .lean()
        .exec(),
    );
    for (const row of rows) for (const id of row.externalIds ?? []) found.set(id, row);
  }
  return found;
}

/** One message as staff see it. */
export async function presentForStaff(message: Message, env: { JWT_SECRET: string }, now: number): Promise<MessageDto> {
  return presentMessage(message, await loadMessageContext([message], env, now));
}
