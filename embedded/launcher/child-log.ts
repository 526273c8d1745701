import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';

const MAX_BYTES = 5 * 1024 * 1024;
/** How often a log's size is looked at. Milliseconds. */
const LOOK_EVERY = 2_000;
const TAIL_BYTES = 2_000;

/** What one child printed, over all its runs: a file, and the one before it once it has grown large. */
export interface ChildLog {
  /** For the child to write to by itself, as it does while we are suspended or gone. */
  readonly fd: number;
  write(line: string): void;
  /** The last lines, for saying why it ended. */
  tail(): string;
  close(): void;
}

/**
 * Opens the log of a child for adding to it.
 * @param limits size in bytes past which the file is moved to `<path>.1`, and how often it is looked at, in milliseconds.
 */
export function openChildLog(path: string, { maxBytes = MAX_BYTES, lookEvery = LOOK_EVERY } = {}): ChildLog {
  const fd = openSync(path, 'a+', 0o600);
  const rotate = (): void => {
    try {
      if (fstatSync(fd).size > maxBytes) moveContent(fd, path);
    } catch (error) {
      writeSync(fd, `The log before this could not be kept: ${String(error)}\n`);
    }
  };
  rotate();
  const timer = setInterval(rotate, lookEvery);
  timer.unref();
  return {
    fd,
    write: (line) => void writeSync(fd, `${line}\n`),
    tail: () => readTail(fd) || readOlderTail(path),
    close: () => {
      clearInterval(timer);
      closeSync(fd);
    },
  };
}

/**
 * The child keeps the file open, so the file stays and its content moves: everybody adds at its end, wherever that is. A line that is
 * written in the instant between the two is lost. A full disk must not end the launcher: the content is then dropped.
 */
function moveContent(fd: number, path: string): void {
  try {
    copyFileSync(path, `${path}.new`);
    renameSync(`${path}.new`, `${path}.1`);
  } finally {
    ftruncateSync(fd, 0);
  }
}

function readTail(fd: number): string {
  const { size } = fstatSync(fd);
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(fd, buffer, 0, buffer.length, size - buffer.length);
  return buffer.toString('utf8').trim();
}

/** What was said last has just been moved. */
function readOlderTail(path: string): string {
  try {
    const fd = openSync(`${path}.1`, 'r');
    const text = readTail(fd);
    closeSync(fd);
    return text;
  } catch {
    return '';
  }
}
