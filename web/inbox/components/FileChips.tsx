import { ActionIcon, Button, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TrayItem, UploadTray } from '../stores/upload-tray.js';
import { LIMITS } from '../../../src/shared/limits.js';
import { formatNumber } from '../i18n/formats.js';
import type { Words } from '../i18n/instance.js';
import { refusalText } from '../logic/refusal.js';
import { fileSize } from '../logic/text.js';
import { Icon } from './Icon.js';
import classes from './FileChips.module.css';

interface FileChipsProps {
  files: readonly TrayItem<File>[];
  tray: UploadTray<File>;
}

/** The files of the message being written, with how far each upload is. */
export function FileChips({ files, tray }: FileChipsProps) {
  const { t, i18n } = useTranslation(['composer', 'common']);
  if (files.length === 0) return null;
  const percent = (share: number): string => formatNumber(i18n.language, share, { style: 'percent' });
  return (
    <ul className={classes.root}>
      {files.map((item) => (
        <li key={item.id} className={classes.chip} data-state={item.state}>
          <Icon name={item.state === 'failed' ? 'alert' : 'file'} size={18} />
          <div className={classes.text}>
            <bdi className={classes.name}>{item.file.name}</bdi>
            <span className={classes.sub}>
              {errorText(i18n, item.error) ?? fileSize(i18n, item.attachment?.size ?? item.file.size)}
            </span>
            {item.state === 'uploading' && (
              <Progress
                size="xs"
                value={item.progress * 100}
                aria-label={t('uploading', { name: item.file.name, share: percent(item.progress) })}
              />
            )}
          </div>
          {item.state === 'failed' && item.retryable && (
            <Button size="compact-xs" variant="default" onClick={() => tray.retry(item.id)}>
              {t('common:tryAgain')}
            </Button>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('remove', { name: item.file.name })}
            onClick={() => tray.remove(item.id)}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}

function errorText(words: Words, error: TrayItem['error']): string | null {
  if (error === null) return null;
  if (error !== 'tooBig') return refusalText(words, error);
  return words.t('composer:tooBig', { limit: fileSize(words, LIMITS.fileSize) });
}
