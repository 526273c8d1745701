import { readFileSync } from 'node:fs';

/** Clock ticks a second on every Linux we run on (sysconf _SC_CLK_TCK). */
const TICKS = 100;

/** Processor time a process has used so far, in milliseconds (proc(5): utime and stime of /proc/pid/stat). */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
}
