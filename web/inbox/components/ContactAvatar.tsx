import { Avatar } from '@mantine/core';
import { hashIndex, initials } from '../logic/text.js';
import { ChannelMark } from './ChannelMark.js';
import classes from './ContactAvatar.module.css';

/** Dark enough for white letters. */
const COLORS = ['brand.8', 'teal.9', 'grape.8', 'brand.9', 'cyan.9', 'pink.8', 'indigo.8', 'violet.8'] as const;

interface ContactAvatarProps {
  id: string;
  name: string;
  url?: string | null;
  /** Edge in pixels. */
  size?: number;
  /** The channel whose mark sits in the corner. */
  channel?: string;
}

/** Picture or initials of a person; the name stands beside it, so it is decoration. */
export function ContactAvatar({ id, name, url = null, size = 40, channel }: ContactAvatarProps) {
  return (
    <span className={classes.root} aria-hidden={channel === undefined ? true : undefined}>
      <Avatar
        src={url}
        alt=""
        size={size}
        radius="xl"
        variant="filled"
        color={COLORS[hashIndex(id, COLORS.length)] ?? 'brand.8'}
        aria-hidden
      >
        {initials(name)}
      </Avatar>
      {channel !== undefined && (
        <span className={classes.mark}>
          <ChannelMark channel={channel} size={14} />
        </span>
      )}
    </span>
  );
}
