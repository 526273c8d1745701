import { useTranslation } from 'react-i18next';
import { channelName } from '../logic/names.js';
import { Icon, type IconName } from './Icon.js';

/** A channel the inbox has no drawing for still gets a mark. */
const icons: Record<string, IconName> = { web: 'web', messenger: 'messenger' };

/** Says by which channel somebody writes. */
export function ChannelMark({ channel, size = 16 }: { channel: string; size?: number }) {
  const { i18n } = useTranslation();
  return <Icon name={icons[channel] ?? 'inbox'} size={size} label={channelName(i18n, channel)} />;
}
