import type { SVGProps } from 'react';
import { paths, type IconName } from './icon-paths.js';

export type { IconName };

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
