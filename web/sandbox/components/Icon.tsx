import type { JSX } from 'preact';

/** Outlines on a 24 × 24 grid. */
const PATHS = {
  send: 'M4 12 20 4l-5 16-3-7-8-1Z',
  attach: 'M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4L15 7',
  heart: 'M12 20S3.5 14.8 3.5 8.9A4.4 4.4 0 0 1 12 7.3a4.4 4.4 0 0 1 8.5 1.6C20.5 14.8 12 20 12 20Z',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.5 14c1.7 2.4 5.3 2.4 7 0M9 9.5v.01M15 9.5v.01',
  more: 'M5.5 12v.01M12 12v.01M18.5 12v.01',
  reply: 'M9 6 4 11l5 5M4.5 11H13a6.5 6.5 0 0 1 6.5 7',
  edit: 'M4 20l1-4.5L16 4.5a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L8.5 19 4 20Z',
  undo: 'M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7',
  close: 'M6 6l12 12M18 6 6 18',
  tune: 'M4 7h9M18 7h2M4 17h2M11 17h9M15.5 4.5v5M8.5 14.5v5',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.300M18 14.500c2 .8 3.200 2.600 3.500 5.500',
  file: 'M6 3h8l5 5v13H6V3ZM14 3v5h5',
  pin: 'M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11ZM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h16',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7.500V12l3 2',
} as const;

export type IconName = keyof typeof PATHS;

/** A line icon; the control around it carries the name. */
export function Icon({ name, size = 22 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
