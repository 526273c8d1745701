import type { ChannelAdapter } from '../../../channels/types.js';
import { validationError } from '../../errors.js';
import type { Attachment, MessagePart } from '../../models/index.js';
import { splitText } from '../../utils/split-text.js';

type NewPart = Pick<MessagePart, 'n' | 'kind' | 'state'> & Partial<MessagePart>;

/**
 * One part per platform call; a channel of our own has the message delivered as soon as it is stored (PROTOCOLS 7).
 * @throws AppError 400 for a file that the channel does not take.
 */
export function buildParts(
  adapter: ChannelAdapter,
  text: string | null,
  attachments: readonly Attachment[],
  orderAt: Date,
): MessagePart[] {
  const { capabilities } = adapter;
  const refused = attachments.find(
    ({ kind, size }) =>
      !capabilities.attachments.kinds.includes(kind) || (size ?? 0) > capabilities.attachments.maxBytes,
  );
  if (refused !== undefined) {
    const message = `${adapter.label} does not take “${refused.name}”.`;
    throw validationError([{ field: 'attachmentIds', message }]);
  }
  if (adapter.send === undefined) return [complete({ n: 0, kind: 'text', state: 'sent', acceptedAt: orderAt })];
  const texts = text === null ? [] : splitText(text, capabilities.textLimit ?? Number.POSITIVE_INFINITY);
  const drafts: Omit<NewPart, 'n'>[] = [
    ...texts.map((piece) => ({ kind: 'text' as const, state: 'queued' as const, text: piece })),
    ...attachments.map(({ _id }) => ({ kind: 'attachment' as const, state: 'queued' as const, attachment: _id })),
  ];
  return drafts.map((draft, n) => complete({ ...draft, n }));
}

const complete = (part: NewPart): MessagePart => ({
  text: null,
  attachment: null,
  attemptId: null,
  tries: 0,
  attempts: 0,
  lookups: 0,
  startedAt: null,
  policy: null,
  externalId: null,
  acceptedAt: null,
  error: null,
  ...part,
});
