import { readFileSync } from 'node:fs';

/**
 * When a running process began, by the system's clock: tells it from another one that later got its number. Null when there is
 * no such process, or only its remains; empty where the system does not say.
 */
export function processBegan(pid: number): string | null {
  try {
    // proc(5): the name in brackets may hold spaces; after it come the state and, 19 fields on, the start time.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? '');
  } catch {
    return answersSignals(pid) ? '' : null;
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
