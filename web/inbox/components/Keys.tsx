import { Kbd } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { capsOf, type KeyName } from '../logic/keys.js';
import classes from './Keys.module.css';

const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A key as its caps show it; other keys that do the same stand beside it. */
export function Keys({ keys }: { keys: readonly KeyName[] }) {
  const { t } = useTranslation('shell');
  return (
    <span className={classes.root}>
      {keys.map((key, index) => (
        <Fragment key={key}>
          {index > 0 && <span className={classes.word}>{t('keys.or')}</span>}
          {capsOf(key, MAC).map((caps, stroke) => (
            <Fragment key={stroke}>
              {stroke > 0 && <span className={classes.word}>{t('keys.then')}</span>}
              {caps.map((cap) => (
                <Kbd key={cap} size="xs">
                  {cap}
                </Kbd>
              ))}
            </Fragment>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
