import type { SVGProps } from 'react';

/** Own line drawings on a 24 by 24 grid. */
const paths = {
  accept: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 8v5M12 16.5v.1M12 3.5l9.2 16.5H2.8z',
  attach: 'M20 11l-8.3 8.3a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.2a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  back: 'M15 5l-7 7 7 7',
  bot: 'M5 9h14v10H5zM12 9V5M9 13.5v1M15 13.5v1M12 5h.1',
  chevron: 'M6 9l6 6 6-6',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  close: 'M6 6l12 12M18 6L6 18',
  done: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 12.2l2.5 2.5 4.5-5',
  down: 'M12 5v14M6 13l6 6 6-6',
  external: 'M14 4h6v6M20 4l-9 9M18 14v5H5V6h5',
  file: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4',
  inbox: 'M4 13l2.5-8h11L20 13v6H4zM4 13h4.5l1.2 2.5h4.6l1.2-2.5H20',
  forward: 'M5 12h14M13 6l6 6-6 6',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.8v.1',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  location: 'M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.8-7 11-7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  copy: 'M9 9h10.5v10.5H9zM5.5 15H4.5V4.5H15v1',
  menu: 'M4 7h16M4 12h16M4 17h16',
  messenger:
    'M12 3.5c-5 0-8.5 3.5-8.5 8 0 2.5 1.1 4.6 3 6v3l2.8-1.5c.9.3 1.8.4 2.7.4 5 0 8.5-3.5 8.5-7.9s-3.5-8-8.5-8zM7.5 13.5l3.2-3.3 2.6 2 3.2-2',
  more: 'M5 12h.1M12 12h.1M19 12h.1',
  note: 'M5 4.5h14v10l-5 5H5zM14 19.5v-5h5M8.5 9h7M8.5 12.5h4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  plus: 'M12 5v14M5 12h14',
  question:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.5 9.8c.2-1.5 1.2-2.3 2.5-2.3 1.5 0 2.5.9 2.5 2.2 0 1.9-2.5 2-2.5 3.8M12 16.3v.1',
  reload: 'M19 12a7 7 0 1 1-2.1-5M19 4v4h-4',
  reply: 'M10 6l-6 5.5 6 5.5v-3.5c5 0 8 1 10 4.5 0-6-3.5-8.5-10-8.5z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20',
  send: 'M4 12l16-7.5-5.5 15.5-3-6.5zM11.5 13.5L20 4.5',
  settings:
    'M12 8.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM19.2 12c0-.6-.1-1.1-.2-1.6l1.7-1.4-1.8-3.1-2.1.8a7.3 7.3 0 0 0-2.7-1.6L13.7 3h-3.5l-.4 2.1a7.3 7.3 0 0 0-2.7 1.6l-2.1-.8L3.2 9l1.7 1.4a7.6 7.6 0 0 0 0 3.2L3.2 15l1.8 3.1 2.1-.8a7.3 7.3 0 0 0 2.7 1.6l.4 2.1h3.5l.4-2.1a7.3 7.3 0 0 0 2.7-1.6l2.1.8 1.8-3.1-1.7-1.4c.2-.5.3-1 .3-1.6z',
  sort: 'M8 10l4-4 4 4M8 14l4 4 4-4',
  tick: 'M5 12.5l4.5 4.5L19 7.5',
  ticks: 'M2.5 12.5L7 17l9-9.5M11.5 16l1 1 9-9.5',
  team: 'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5c.6-3 3.2-4.7 6.5-4.7s5.9 1.7 6.5 4.7M16 5.5a3.3 3.3 0 0 1 0 6.3M17.5 15c2.2.5 3.6 2 4 4.5',
  up: 'M12 19V5M6 11l6-6 6 6',
  video: 'M4 6.5h11v11H4zM15 11l5.5-3.5v9L15 13z',
  web: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c-5 5-5 12 0 17M12 3.5c5 5 5 12 0 17',
} as const;

export type IconName = keyof typeof paths;

interface IconProps extends Omit<SVGProps<SVGSVGElement>, 'name'> {
  name: IconName;
  /** Edge in pixels. */
  size?: number;
  /** What it says to those who cannot see it; without it the icon is decoration. */
  label?: string;
}

export function Icon({ name, size = 18, label, ...rest }: IconProps) {
  const naming = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...naming}
      {...rest}
    >
      {label !== undefined && <title>{label}</title>}
      <path d={paths[name]} />
    </svg>
  );
}
