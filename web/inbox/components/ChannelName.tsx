import { useTranslation } from 'react-i18next';
import { textFor } from '../i18n/instance.js';
import { ChannelMark } from './ChannelMark.js';
import classes from './ChannelName.module.css';

/** A channel's mark with its name. */
export function ChannelName({ channel }: { channel: string }) {
  const { i18n } = useTranslation('common');
  return (
    <span className={classes.root}>
      <ChannelMark channel={channel} size={16} />
      {textFor(i18n, 'common:channel.', channel) ?? channel}
    </span>
  );
}
