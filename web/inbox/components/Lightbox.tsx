import { ActionIcon, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import { useCommands } from '../hooks/use-commands.js';
import { Icon } from './Icon.js';
import classes from './Lightbox.module.css';

export type LightboxState = ReturnType<typeof useLightbox>;

/** Which image of a thread is shown large. */
export function useLightbox() {
  const [openId, setOpenId] = useState<string | null>(null);
  return { openId, open: setOpenId, close: () => setOpenId(null) };
}

/** The images of a thread, one at a time, over the whole page. */
export function Lightbox({ lightbox, messages }: { lightbox: LightboxState; messages: readonly MessageDto[] }) {
  const { t } = useTranslation(['attachment', 'common']);
  const images = messages.flatMap(({ attachments }) => attachments.filter(isShown));
  const index = images.findIndex(({ id }) => id === lightbox.openId);
  const image = images[index];
  const step = (by: 1 | -1): void => {
    const next = images[index + by];
    if (next !== undefined) lightbox.open(next.id);
  };
  const shown = (): boolean => image !== undefined;
  useCommands([
    { id: 'inbox.previousImage', inDialogs: true, when: shown, run: () => step(-1) },
    { id: 'inbox.nextImage', inDialogs: true, when: shown, run: () => step(1) },
  ]);
  return (
    <Modal
      opened={image !== undefined}
      onClose={lightbox.close}
      fullScreen
      title={image?.name || t('kind.image')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      classNames={{ content: classes.content ?? '', body: classes.body ?? '' }}
    >
      {image?.url && <img className={classes.image} src={image.url} alt={image.name || t('kind.image')} />}
      {images.length > 1 && image !== undefined && (
        <div className={classes.bar}>
          <ActionIcon
            variant="default"
            size="lg"
            disabled={index === 0}
            aria-label={t('previous')}
            onClick={() => step(-1)}
          >
            <Icon name="back" />
          </ActionIcon>
          <span role="status">{t('position', { n: index + 1, all: images.length })}</span>
          <ActionIcon
            variant="default"
            size="lg"
            disabled={index === images.length - 1}
            aria-label={t('next')}
            onClick={() => step(1)}
          >
            <Icon name="back" className={classes.mirrored} />
          </ActionIcon>
        </div>
      )}
    </Modal>
  );
}

const isShown = ({ kind, url }: AttachmentDto): boolean => url !== null && (kind === 'image' || kind === 'sticker');
