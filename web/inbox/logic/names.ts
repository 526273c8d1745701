import type { AttachmentDto, ContactDto, ConversationRowDto, SenderDto } from '../../../src/shared/dto.js';
import { formatNumber } from '../i18n/formats.js';
import { textFor, type Words } from '../i18n/instance.js';

/** What a contact is called; a stand-in while nobody has told a name. */
export const contactName = (words: Words, { name }: Pick<ContactDto, 'name'>): string =>
  name || words.t('contact:noName');

/** Who wrote it. A sender without an id has no name of their own: the server's stand-in is put into the reader's language. */
export const senderName = (words: Words, { type, id, name }: SenderDto): string =>
  id === null && name === STAND_INS[type] ? words.t(`common:person.${type}`) : name;

/** The server's names for senders that have none (see `presenters/message.ts`). */
const STAND_INS = { contact: 'Visitor', agent: 'Team', bot: 'Bot', system: 'System' };

/** The name of a channel; one that the inbox does not know keeps its own. */
export const channelName = (words: Words, channel: string): string =>
  textFor(words, 'common:channel.', channel) ?? channel;

/** What a file is called, else what kind of thing it is. */
export const attachmentName = (words: Words, { name, kind }: Pick<AttachmentDto, 'name' | 'kind'>): string =>
  name || words.t(`attachment:kind.${kind}`);

/** The last message of a conversation on one line, with who wrote it. */
export function previewOf(words: Words, { lastMessage }: Pick<ConversationRowDto, 'lastMessage'>): string {
  if (lastMessage === null) return words.t('list:noMessages');
  const { preview, note, senderType } = lastMessage;
  if (note) return preview;
  if (senderType === 'agent') return words.t('list:fromTeam', { preview });
  return senderType === 'bot' ? words.t('list:fromBot', { preview }) : preview;
}

const BADGE_MAX = 99;

/** A count for a small mark. */
export const badgeCount = (words: Words, count: number): string =>
  count > BADGE_MAX ? words.t('common:moreThan', { count: BADGE_MAX }) : formatNumber(words.language, count);
