import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import { safeHref } from '../../linkify.js';
import { STRINGS } from '../strings.js';
import { fileSize } from './format.js';
import { Icon, type IconName } from './Icon.js';

interface AttachmentProps {
  attachment: AttachmentDto;
  /** Relative addresses are the hub's. */
  origin: string;
  /** A stored file could not be shown: its signed address may have expired. */
  onBroken: () => void;
}

const iconOf = (attachment: AttachmentDto): IconName => {
  if (attachment.kind === 'location') return 'place';
  return attachment.link === null ? 'file' : 'link';
};

const Details = ({ attachment }: { attachment: AttachmentDto }) =>
  attachment.details.length === 0 ? null : (
    <dl class="details">
      {attachment.details.map(({ label, value }, index) => (
        <div key={index}>
          <dt>{label}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );

/** A card with name and size; a link where there is somewhere to go. */
function Card({ attachment, href, note }: { attachment: AttachmentDto; href: string | null; note: string | null }) {
  const content = (
    <>
      <Icon name={iconOf(attachment)} />
      <span class="card-words">
        <span class="card-name">
          <bdi>{attachment.name}</bdi>
        </span>
        {note === null ? null : (
          <span class="card-note">
            <bdi>{note}</bdi>
          </span>
        )}
      </span>
    </>
  );
  return href === null ? (
    <div class="card">{content}</div>
  ) : (
    <a class="card" href={href} target="_blank" rel="noopener noreferrer nofollow">
      {content}
      <span class="said"> ({STRINGS.opensNewTab})</span>
    </a>
  );
}

function noteOf(attachment: AttachmentDto): string | null {
  if (attachment.state === 'pending') return STRINGS.filePreparing;
  if (attachment.state === 'failed') return STRINGS.fileFailed;
  if (attachment.kind === 'unsupported') return STRINGS.fileUnsupported;
  return attachment.size === null ? null : fileSize(attachment.size);
}

/** A file, picture, recording, link or place of a message. */
export function Attachment({ attachment, origin, onBroken }: AttachmentProps) {
  const url = safeHref(attachment.url, origin);
  if (url !== null && (attachment.kind === 'image' || attachment.kind === 'sticker')) {
    return (
      <a class={`picture picture-${attachment.kind}`} href={url} target="_blank" rel="noopener noreferrer">
        <img src={url} alt={attachment.name || STRINGS.image} loading="lazy" decoding="async" onError={onBroken} />
        <span class="said"> ({STRINGS.opensNewTab})</span>
      </a>
    );
  }
  if (url !== null && attachment.kind === 'video') {
    return <video class="media" src={url} title={attachment.name} controls preload="metadata" onError={onBroken} />;
  }
  if (url !== null && attachment.kind === 'audio') {
    return <audio class="media" src={url} title={attachment.name} controls preload="metadata" onError={onBroken} />;
  }
  return (
    <>
      <Card attachment={attachment} href={url ?? safeHref(attachment.link)} note={noteOf(attachment)} />
      <Details attachment={attachment} />
    </>
  );
}
