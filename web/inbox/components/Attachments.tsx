import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttachmentDto } from '../../../src/shared/dto.js';
import { linkHost } from '../logic/link-host.js';
import { attachmentName } from '../logic/names.js';
import { fileSize } from '../logic/text.js';
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
  const { i18n } = useTranslation();
  const { kind, state, url } = attachment;
  const name = attachmentName(i18n, attachment);
  if (state === 'pending') return <PendingFile attachment={attachment} />;
  if (url !== null && (kind === 'image' || kind === 'sticker')) {
    return <Picture key={url} attachment={attachment} url={url} onOpen={onOpen} onGone={onGone} />;
  }
  if (url !== null && kind === 'audio') {
    return <audio className={classes.media} controls preload="none" src={url} aria-label={name} />;
  }
  if (url !== null && kind === 'video') {
    return <video className={classes.media} controls preload="metadata" src={url} aria-label={name} />;
  }
  return <Card attachment={attachment} />;
}

function PendingFile({ attachment }: { attachment: AttachmentDto }) {
  const { t, i18n } = useTranslation('attachment');
  return (
    <div className={classes.pending} role="status">
      <Skeleton h={attachment.kind === 'image' ? 120 : 36} w={200} radius="md" />
      <span>{t('pending', { name: attachmentName(i18n, attachment) })}</span>
    </div>
  );
}

function Picture({ attachment, url, onOpen, onGone }: OneProps & { url: string }) {
  const { t, i18n } = useTranslation('attachment');
  const [broken, setBroken] = useState(false);
  const name = attachmentName(i18n, attachment);
  if (broken) return <Card attachment={{ ...attachment, state: 'failed' }} note={t('gone')} />;
  return (
    <button
      type="button"
      className={classes.picture}
      data-kind={attachment.kind}
      aria-label={t('enlarge', { name })}
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
  const { t, i18n } = useTranslation('attachment');
  const { kind, link, details, size, state } = attachment;
  const host = link === null ? null : linkHost(link);
  const target = state === 'stored' ? attachment.url : host === null ? null : link;
  const name = attachmentName(i18n, attachment);
  const body = (
    <>
      <span className={classes.icon}>
        <Icon name={cardIcons[kind] ?? 'file'} size={20} />
      </span>
      <span className={classes.text}>
        <bdi className={classes.name}>{name}</bdi>
        <span className={classes.sub}>
          {note ??
            (state === 'failed' ? t('failed') : (host ?? (size === null ? t(`kind.${kind}`) : fileSize(i18n, size))))}
        </span>
        {details.map(({ label, value }) => (
          <span key={label} className={classes.sub}>
            <bdi>
              {label}: {value}
            </bdi>
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
      aria-label={t('open', { name })}
    >
      {body}
      <Icon name="external" size={16} className={classes.external} />
    </a>
  );
}
