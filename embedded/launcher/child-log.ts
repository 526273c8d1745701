import { closeSync, fstatSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs';

const MAX_BYTES = 5 * 1024 * 1024;
const TAIL_BYTES = 2_000;

/** What one child printed, over all its runs; the file before it is kept when it has grown large. */
export interface ChildLog {
  readonly fd: number;
  write(line: string): void;
  /** The last lines, for saying why it ended. */
  tail(): string;
  close(): void;
}

/** Opens the log of a child for adding to it. */
export function openChildLog(path: string): ChildLog {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(path, `${path}.1`);
  const fd = openSync(path, 'a+', 0o600);
  return {
    fd,
    write: (line) => void writeSync(fd, `${line}\n`),
    tail: () => readTail(fd),
    close: () => closeSync(fd),
  };
}

function readTail(fd: number): string {
  const { size } = fstatSync(fd);
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(fd, buffer, 0, buffer.length, size - buffer.length);
  return buffer.toString('utf8').trim();
}
