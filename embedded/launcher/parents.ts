import { readFileSync } from 'node:fs';

/** How often it is looked at. Milliseconds. */
const LOOK_EVERY = 500;

/** The parent of another process (field 4 of proc(5) stat); null where it cannot be known. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/**
 * Calls back once when our parent or its parent has ended. Under npm these are a shell and npm itself, and neither hands a
 * signal on to us.
 * @returns a function that ends the watch.
 */
export function onParentsGone(callback: () => void): () => void {
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY);
  timer.unref();
  return () => clearInterval(timer);
}
