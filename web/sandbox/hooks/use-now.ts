import { useEffect, useState } from 'preact/hooks';

/** The time, renewed when `at` comes (null: never), for what lapses by itself. */
export function useNowAt(at: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (at === null) return undefined;
    const timer = window.setTimeout(() => setNow(Date.now()), Math.max(0, at - Date.now()) + 50);
    return () => window.clearTimeout(timer);
  }, [at]);
  return now;
}

/** The time, renewed every `ms`. */
export function useNowEvery(ms: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), ms);
    return () => window.clearInterval(timer);
  }, [ms]);
  return now;
}
