import { useTranslation } from 'react-i18next';
import type { ContactDto, ToldBy as Source } from '../../../src/shared/dto.js';
import { channelName } from '../logic/names.js';
import { Icon } from './Icon.js';
import classes from './ToldBy.module.css';

/** Says in a mark and words who told something about a contact; nothing where nothing was told. */
export function ToldBy({ source, channel }: { source: Source | null; channel: string }) {
  const { t, i18n } = useTranslation('contact');
  if (source === null) return null;
  return (
    <span className={classes.root}>
      <Icon name={source === 'contact' ? 'question' : 'done'} size={14} />
      {t(`toldBy.${source}`, { channel: channelName(i18n, channel) })}
    </span>
  );
}

/** The mark beside a name that anybody may have chosen; nothing beside others. */
export function ClaimMark({ contact }: { contact: Pick<ContactDto, 'toldBy'> }) {
  const { t } = useTranslation('contact');
  if (contact.toldBy.name !== 'contact') return null;
  return (
    <span className={classes.mark} title={t('nameNotConfirmed')}>
      <Icon name="question" size={14} label={t('nameNotConfirmed')} />
    </span>
  );
}
