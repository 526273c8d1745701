import type { JSX } from 'preact';
import { safeUrl } from '../safe-url.js';
import type { Attachment, Button } from '../types.js';
import { Icon } from './Icon.js';

interface Props {
  attachment: Attachment;
  act: (name: string, body?: unknown) => Promise<boolean>;
}

/** An attachment as a phone shows it. */
export function AttachmentView({ attachment, act }: Props): JSX.Element {
  const { type, payload, file, title, url } = attachment;
  const source = payload?.url ?? '';
  switch (type) {
    case 'image':
      return (
        <a class="picture" href={source} target="_blank" rel="noopener noreferrer">
          <img src={source} alt={file?.name ?? 'Picture'} />
        </a>
      );
    case 'sticker':
      return <img class="sticker" src={source} alt="Sticker" />;
    case 'video':
      return <video class="picture" src={source} controls aria-label={file?.name ?? 'Video'} />;
    case 'audio':
      return <audio class="audio" src={source} controls aria-label={file?.name ?? 'Voice message'} />;
    case 'location':
      return (
        <LinkCard
          icon="pin"
          href={url ?? ''}
          title={title ?? 'Location'}
          note={`${payload?.coordinates?.lat ?? '?'}, ${payload?.coordinates?.long ?? '?'}`}
        />
      );
    case 'template':
      return <Template payload={payload} act={act} />;
    default:
      return (
        <LinkCard
          icon="file"
          href={source || (url ?? '')}
          title={file?.name ?? title ?? type}
          note={file === undefined ? type : sizeText(file.size)}
        />
      );
  }
}

function LinkCard({
  icon,
  href,
  title,
  note,
}: {
  icon: 'file' | 'pin';
  href: string;
  title: string;
  note: string;
}): JSX.Element {
  const inner = (
    <>
      <span class="card-icon">
        <Icon name={icon} />
      </span>
      <span class="card-text">
        <b>{title}</b>
        <small>{note}</small>
      </span>
    </>
  );
  if (!/^(https?:\/\/|\/)/.test(href)) return <div class="card">{inner}</div>;
  return (
    <a class="card" href={href} target="_blank" rel="noopener noreferrer">
      {inner}
    </a>
  );
}

function Template({ payload, act }: { payload: Attachment['payload']; act: Props['act'] }): JSX.Element {
  const { text, buttons = [], elements = [] } = payload ?? {};
  return (
    <div class="template">
      {text !== undefined && <p class="template-text">{text}</p>}
      <Buttons buttons={buttons} act={act} />
      {elements.map((element, index) => (
        <div key={index} class="template-element">
          {element.image_url !== undefined && <img src={element.image_url} alt="" />}
          <p class="template-text">
            <b>{element.title}</b>
            {element.subtitle !== undefined && <small>{element.subtitle}</small>}
          </p>
          <Buttons buttons={element.buttons ?? []} act={act} />
        </div>
      ))}
    </div>
  );
}

function Buttons({ buttons, act }: { buttons: Button[]; act: Props['act'] }): JSX.Element {
  return (
    <>
      {buttons.map(({ type, title, url, payload }) =>
        type === 'postback' ? (
          <button
            key={title}
            type="button"
            class="template-button"
            onClick={() => void act('postbacks', { title, payload: payload ?? title })}
          >
            {title}
          </button>
        ) : (
          <a
            key={title}
            class="template-button"
            href={type === 'phone_number' ? `tel:${payload ?? ''}` : safeUrl(url)}
            target="_blank"
            rel="noopener noreferrer"
          >
            {title}
          </a>
        ),
      )}
    </>
  );
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
