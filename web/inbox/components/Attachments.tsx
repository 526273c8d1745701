import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import { linkHost } from '../logic/link-host.js';
import { fileSize } from '../logic/text.js';
import { strings } from '../strings.js';
import { Icon, type IconName } from './Icon.js';
import classes from './Attachments.module.css';

interface AttachmentsProps {
  attachments: readonly AttachmentDto[];
  onOpenImage: (attachmentId: string) => void;
  /** A stored file could not be loaded; its address may have run out. */
  onGone: () => void;
}

/** Everything that came with a message, shown as what it is. */
export function Attachments({ attachments, onOpenImage, onGone }: AttachmentsProps) {
  if (attachments.length === 0) return null;
  return (
    <div className={classes.root}>
      {attachments.map((attachment) => (
        <OneAttachment
          key={attachment.id}
          attachment={attachment}
          onOpen={() => onOpenImage(attachment.id)}
          onGone={onGone}
        />
      ))}
    </div>
  );
}

interface OneProps {
  attachment: AttachmentDto;
  onOpen: () => void;
  onGone: () => void;
}

function OneAttachment({ attachment, onOpen, onGone }: OneProps) {
  const { kind, state, url } = attachment;
  if (state === 'pending') return <PendingFile attachment={attachment} />;
  if (url !== null && (kind === 'image' || kind === 'sticker')) {
    return <Picture key={url} attachment={attachment} url={url} onOpen={onOpen} onGone={onGone} />;
  }
  if (url !== null && kind === 'audio') {
    return <audio className={classes.media} controls preload="none" src={url} aria-label={nameOf(attachment)} />;
  }
  if (url !== null && kind === 'video') {
    return <video className={classes.media} controls preload="metadata" src={url} aria-label={nameOf(attachment)} />;
  }
  return <Card attachment={attachment} />;
}

function PendingFile({ attachment }: { attachment: AttachmentDto }) {
  return (
    <div className={classes.pending} role="status">
      <Skeleton h={attachment.kind === 'image' ? 120 : 36} w={200} radius="md" />
      <span>
        {nameOf(attachment)}: {strings.attachment.pending}
      </span>
    </div>
  );
}

function Picture({ attachment, url, onOpen, onGone }: OneProps & { url: string }) {
  const [broken, setBroken] = useState(false);
  const name = nameOf(attachment);
  if (broken) return <Card attachment={{ ...attachment, state: 'failed' }} note={strings.attachment.gone} />;
  return (
    <button
      type="button"
      className={classes.picture}
      data-kind={attachment.kind}
      aria-label={strings.attachment.enlarge(name)}
      onClick={onOpen}
    >
      <img
        src={url}
        alt={name}
        loading="lazy"
        onError={() => {
          setBroken(true);
          onGone();
        }}
      />
    </button>
  );
}

const cardIcons: Partial<Record<AttachmentDto['kind'], IconName>> = {
  link: 'link',
  location: 'location',
  video: 'video',
  unsupported: 'question',
};

/** A file, link, place or template as a card that leads to it. */
function Card({ attachment, note }: { attachment: AttachmentDto; note?: string }) {
  const { kind, link, details, size, state } = attachment;
  const host = link === null ? null : linkHost(link);
  const target = state === 'stored' ? attachment.url : host === null ? null : link;
  const name = nameOf(attachment);
  const body = (
    <>
      <span className={classes.icon}>
        <Icon name={cardIcons[kind] ?? 'file'} size={20} />
      </span>
      <span className={classes.text}>
        <span className={classes.name}>{name}</span>
        <span className={classes.sub}>
          {note ?? (state === 'failed' ? strings.attachment.failed : (host ?? sizeText(size, kind)))}
        </span>
        {details.map(({ label, value }) => (
          <span key={label} className={classes.sub}>
            {label}: {value}
          </span>
        ))}
      </span>
    </>
  );
  if (target === null) return <div className={classes.card}>{body}</div>;
  return (
    <a
      className={classes.card}
      href={target}
      target="_blank"
      rel="noopener noreferrer nofollow"
      aria-label={strings.attachment.open(name)}
    >
      {body}
      <Icon name="external" size={16} className={classes.external} />
    </a>
  );
}

const sizeText = (size: number | null, kind: AttachmentDto['kind']): string =>
  size === null ? strings.attachments[kind] : fileSize(size);

const nameOf = ({ name, kind }: AttachmentDto): string => name || strings.attachments[kind];
