import { ChannelError } from '../../../channels/errors.js';
import type { ChannelAdapter, ChannelContext, OutboundPart } from '../../../channels/types.js';
import {
  AttachmentModel,
  ContactIdentityModel,
  MessageModel,
  type Attachment,
  type Inbox,
  type Message,
  type MessagePart,
} from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { writtenOnlyWhile } from '../../utils/timely-http.js';
import { TtlCache } from '../../utils/ttl-cache.js';
import type { Hub } from '../hub.js';
import { openConfig } from '../inbox-config.js';
import { formatMetadata } from './metadata.js';

/** The call of a part is given up this long after `startedAt`; checked again right before it is made. Milliseconds (PROTOCOLS 7). */
export const CALL_DEADLINE = 10_000;
/**
 * When an unknown outcome is looked up for the first times (PROTOCOLS 8): in a busy thread what went out is soon out of sight, so it
 * is looked for early. Milliseconds after `startedAt`.
 */
export const EARLY_LOOKS = [2_000, 8_000] as const;
/** From when on "not there" counts: until then the platform may only be late to show it. Milliseconds after `startedAt`. */
export const SETTLE_AFTER = 30_000;

/** The adapter of an inbox. @throws Error when its folder is gone. */
export function adapterOf(hub: Hub, inbox: Inbox): ChannelAdapter {
  const adapter = hub.channels.get(inbox.channel);
  if (adapter === undefined) throw new Error(`there is no channel "${inbox.channel}"`);
  return adapter;
}

/**
 * What every call of an inbox's adapter gets.
 * @param isWanted asked right before anything is written to the platform; what is no longer wanted then is not sent.
 * @throws ChannelError `misconfigured` when the inbox's own settings are unfit.
 */
export function channelContext(hub: Hub, inbox: Inbox, signal?: AbortSignal, isWanted?: () => boolean): ChannelContext {
  const adapter = adapterOf(hub, inbox);
  return {
    accountId: inbox.accountId,
    config: configOf(hub, inbox, adapter),
    env: hub.env.channels[inbox.channel],
    http: isWanted === undefined ? hub.http : writtenOnlyWhile(hub.http, isWanted),
    now: () => hub.now(),
    ...(signal === undefined ? {} : { signal }),
  };
}

function configOf(hub: Hub, inbox: Inbox, adapter: ChannelAdapter): unknown {
  try {
    return adapter.configSchema.parse(openConfig(hub, adapter, inbox.credentials ?? null));
  } catch (error) {
    throw new ChannelError('misconfigured', 'The settings of this inbox cannot be read. Connect it again.', {
      code: 'settings_unreadable',
      cause: error,
    });
  }
}

/** An attachment with the upload that may be used again, if there is one. */
export interface PartAttachment {
  row: Attachment;
  remoteId: string | null;
}

/** The file of a part, if it has one. */
export async function attachmentOf(inbox: Inbox, part: MessagePart, now: number): Promise<PartAttachment | null> {
  if (!part.attachment) return null;
  const row = await onStore(AttachmentModel.findById(part.attachment).lean().exec());
  if (row === null) return null;
  const remote = row.remotes.find(
    (entry) => String(entry.inbox) === String(inbox._id) && entry.expiresAt.getTime() > now,
  );
  return { row, remoteId: remote?.remoteId ?? null };
}

/** An identity's id on its platform never changes. */
const recipients = new TtlCache<string | null>(10 * 60_000);

/** The platform's id of whom a message goes to; null: they are gone. */
export const recipientOf = ({ identity }: Pick<Message, 'identity'>): Promise<string | null> =>
  recipients.get(String(identity), async () => {
    const found = await onStore(ContactIdentityModel.findById(identity, 'externalId').lean().exec());
    return found?.externalId ?? null;
  });

/** A part as the adapter is given it. */
export async function outboundPart(
  hub: Hub,
  message: Message,
  part: MessagePart,
  call: Pick<OutboundPart, 'recipientId' | 'policy'> & { attachment: PartAttachment | null },
): Promise<OutboundPart> {
  const { recipientId, policy, attachment } = call;
  return {
    metadata: formatMetadata(hub.installId, { message: message._id, n: part.n, attemptId: part.attemptId ?? '' }),
    recipientId,
    policy,
    content: attachment === null ? await textContent(message, part) : fileContent(hub, attachment),
  };
}

async function textContent(message: Message, part: MessagePart): Promise<OutboundPart['content']> {
  const lastText = message.parts.filter((candidate) => candidate.kind === 'text').at(-1);
  return {
    kind: 'text',
    text: part.text ?? '',
    quickReplies: lastText?.n === part.n ? message.quickReplies.map(({ title, payload }) => ({ title, payload })) : [],
    replyToId: part.n === 0 ? await replyTarget(message) : null,
  };
}

async function replyTarget(message: Message): Promise<string | null> {
  const target = message.replyTo?.message;
  if (!target) return null;
  const answered = await onStore(MessageModel.findById(target, 'externalIds').lean().exec());
  return answered?.externalIds?.[0] ?? null;
}

function fileContent(hub: Hub, { row, remoteId }: PartAttachment): OutboundPart['content'] {
  return {
    kind: 'attachment',
    attachment: {
      kind: row.kind,
      name: row.name,
      mimeType: row.mimeType ?? 'application/octet-stream',
      size: row.size ?? 0,
      remoteId,
      open: () => hub.blobs.open(row.blobKey ?? ''),
    },
  };
}
