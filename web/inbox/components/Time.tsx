import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { exactTime } from '../logic/time.js';

interface TimeProps {
  /** Milliseconds since the epoch. */
  at: number;
  /** How it is told here. */
  children: ReactNode;
  className?: string | undefined;
}

/** A time in short or relative words; day, time and time zone show on hover. */
export function Time({ at, children, className }: TimeProps) {
  const { i18n } = useTranslation();
  return (
    <time className={className} dateTime={new Date(at).toISOString()} title={exactTime(i18n, at)}>
      {children}
    </time>
  );
}
