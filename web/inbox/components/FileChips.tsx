import { ActionIcon, Button, Progress } from '@mantine/core';
import type { TrayItem, UploadTray } from '../stores/upload-tray.js';
import { fileSize } from '../logic/text.js';
import { strings } from '../strings.js';
import { Icon } from './Icon.js';
import classes from './FileChips.module.css';

interface FileChipsProps {
  files: readonly TrayItem<File>[];
  tray: UploadTray<File>;
}

/** The files of the message being written, with how far each upload is. */
export function FileChips({ files, tray }: FileChipsProps) {
  if (files.length === 0) return null;
  return (
    <ul className={classes.root}>
      {files.map((item) => (
        <li key={item.id} className={classes.chip} data-state={item.state}>
          <Icon name={item.state === 'failed' ? 'alert' : 'file'} size={18} />
          <div className={classes.text}>
            <span className={classes.name}>{item.file.name}</span>
            <span className={classes.sub}>{item.error ?? fileSize(item.attachment?.size ?? item.file.size)}</span>
            {item.state === 'uploading' && (
              <Progress
                size="xs"
                value={item.progress * 100}
                aria-label={strings.composer.uploading(item.file.name, Math.round(item.progress * 100))}
              />
            )}
          </div>
          {item.state === 'failed' && item.retryable && (
            <Button size="compact-xs" variant="default" onClick={() => tray.retry(item.id)}>
              {strings.common.tryAgain}
            </Button>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={strings.composer.remove(item.file.name)}
            onClick={() => tray.remove(item.id)}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
