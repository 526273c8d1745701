import type { ContactDto } from '../../../src/shared/schemas/contact.js';
import type { ToldBy as Source } from '../../../src/shared/words.js';
import { strings } from '../strings.js';
import { Icon } from './Icon.js';
import classes from './ToldBy.module.css';

/** Says in a mark and words who told something about a contact; nothing where nothing was told. */
export function ToldBy({ source, channel }: { source: Source | null; channel: string }) {
  if (source === null) return null;
  const words = strings.contact.toldBy;
  return (
    <span className={classes.root}>
      <Icon name={source === 'contact' ? 'question' : 'done'} size={14} />
      {source === 'platform' ? words.platform(strings.channels[channel] ?? channel) : words[source]}
    </span>
  );
}

/** The mark beside a name that anybody may have chosen; nothing beside others. */
export function ClaimMark({ contact }: { contact: Pick<ContactDto, 'toldBy'> }) {
  if (contact.toldBy.name !== 'contact') return null;
  return (
    <span className={classes.mark} title={strings.contact.nameNotConfirmed}>
      <Icon name="question" size={14} label={strings.contact.nameNotConfirmed} />
    </span>
  );
}
