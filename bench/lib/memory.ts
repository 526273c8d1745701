import { readFileSync } from 'node:fs';

/**
 * Resident memory of a process in bytes, shared pages counted in full (proc(5), VmRSS).
 * @throws Error where there is no /proc or no such process.
 */
export function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`The resident memory of process ${pid} is not known.`);
  return Number(kilobytes) * 1024;
}
