const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });

const HOUR = 3_600_000;

export function clockTime(at: number): string {
  return clock.format(at);
}

export function dayName(at: number): string {
  return day.format(at);
}

/** Whether two moments fall on the same day here. */
export function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** What the reply window of a Page is now, by the person's last act. */
export function windowText(lastMessageAt: number | null, now: number): string {
  if (lastMessageAt === null) return 'not written yet';
  const hours = Math.max(0, now - lastMessageAt) / HOUR;
  if (hours < 24) return `${Math.max(1, Math.floor(24 - hours))} h to answer`;
  if (hours < 168) return `people only, ${Math.ceil((168 - hours) / 24)} d left`;
  return 'reply window closed';
}
