import type { ComponentChildren } from 'preact';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import type { OutboxEntry } from '../core/outbox.js';
import type { Tick, TimelineItem } from '../core/timeline.js';
import { STRINGS } from '../strings.js';
import { Attachment } from './Attachment.js';
import { clock, moment } from './format.js';
import { Icon } from './Icon.js';
import { RichText } from './RichText.js';

/** What can be done with a message. */
export interface MessageActions {
  origin: string;
  onReply: (message: CustomerMessageDto) => void;
  onRetry: (clientMessageId: string) => void;
  onDiscard: (clientMessageId: string) => void;
  onBroken: () => void;
}

/** The name to show for whoever wrote a message. */
export function senderName({ sender }: CustomerMessageDto): string {
  if (sender.type === 'contact') return STRINGS.you;
  return sender.name || (sender.type === 'bot' ? STRINGS.bot : STRINGS.team);
}

const Quote = ({ preview }: { preview: string | null }) => (
  <p class="quote" dir="auto">
    <span class="said">{STRINGS.replyingTo}: </span>
    {preview ?? STRINGS.replyUnknown}
  </p>
);

const Meta = ({ at, edited, tick }: { at: number; edited: boolean; tick: Tick | null }) => (
  <p class="meta">
    {edited ? <span>{STRINGS.edited}</span> : null}
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {clock(at)}
    </time>
    {tick === null ? null : (
      <span class={`tick tick-${tick}`}>
        <Icon name={tick} />
        <span class="said">{STRINGS[tick]}</span>
      </span>
    )}
  </p>
);

const Reactions = ({ reactions }: Pick<CustomerMessageDto, 'reactions'>) =>
  reactions.length === 0 ? null : (
    <ul class="reactions">
      {reactions.map(({ emoji, by }) => (
        <li key={emoji + by} title={STRINGS.reactionBy[by]}>
          {emoji}
          <span class="said"> {STRINGS.reactionBy[by]}</span>
        </li>
      ))}
    </ul>
  );

interface BubbleProps {
  text: string | null;
  attachments: readonly AttachmentDto[];
  quote: { preview: string | null } | null;
  actions: MessageActions;
}

const Bubble = ({ text, attachments, quote, actions }: BubbleProps) => (
  <div class="bubble">
    {quote === null ? null : <Quote preview={quote.preview} />}
    {attachments.map((attachment) => (
      <Attachment key={attachment.id} attachment={attachment} origin={actions.origin} onBroken={actions.onBroken} />
    ))}
    {text === null || text === '' ? null : <RichText text={text} />}
  </div>
);

interface RowProps {
  own: boolean;
  first: boolean;
  last: boolean;
  name: string;
  /** `orderAt` of a message of the team; by it the thread finds out what has been read. */
  seenAt?: number | undefined;
  children: ComponentChildren;
}

const Row = ({ own, first, last, name, seenAt, children }: RowProps) => (
  <div class={`row ${own ? 'own' : 'theirs'}${first ? ' first' : ''}${last ? ' last' : ''}`} data-seen-at={seenAt}>
    <p class={first && !own ? 'name' : 'said'}>{name}</p>
    {children}
  </div>
);

type StoredItem = Extract<TimelineItem, { kind: 'message' }>;

/** A message that the server has stored. */
export function StoredMessage({ item, actions }: { item: StoredItem; actions: MessageActions }) {
  const { message, own, first, last, tick } = item;
  const name = senderName(message);
  return (
    <Row own={own} first={first} last={last} name={name} seenAt={own ? undefined : message.orderAt}>
      <div class="line">
        {message.unsent ? (
          <div class="bubble bubble-unsent">{STRINGS.unsent}</div>
        ) : (
          <>
            <Bubble text={message.text} attachments={message.attachments} quote={message.replyTo} actions={actions} />
            <button
              type="button"
              class="tool reply"
              aria-label={STRINGS.replyTo(name)}
              title={STRINGS.reply}
              onClick={() => actions.onReply(message)}
            >
              <Icon name="reply" />
            </button>
          </>
        )}
      </div>
      <Reactions reactions={message.reactions} />
      {last || message.edited ? (
        <Meta at={message.orderAt} edited={message.edited && !message.unsent} tick={tick} />
      ) : null}
    </Row>
  );
}

const Failure = ({ entry, actions }: { entry: OutboxEntry; actions: MessageActions }) => (
  <div class="failure" role="alert">
    <p>
      <Icon name="failed" /> {entry.error}
    </p>
    <button type="button" class="small" onClick={() => actions.onRetry(entry.clientMessageId)}>
      {STRINGS.retry}
    </button>
    <button type="button" class="small" onClick={() => actions.onDiscard(entry.clientMessageId)}>
      {STRINGS.discard}
    </button>
  </div>
);

type WaitingItem = Extract<TimelineItem, { kind: 'waiting' }>;

/** A message that has not been confirmed yet, or was refused. */
export function WaitingMessage({ item, actions }: { item: WaitingItem; actions: MessageActions }) {
  const { entry, first, last, tick } = item;
  return (
    <Row own first={first} last={last} name={STRINGS.you}>
      <div class="line">
        <Bubble text={entry.text} attachments={entry.attachments} quote={entry.replyTo} actions={actions} />
      </div>
      {tick === 'failed' ? (
        <Failure entry={entry} actions={actions} />
      ) : (
        <Meta at={entry.at} edited={false} tick={tick} />
      )}
    </Row>
  );
}
