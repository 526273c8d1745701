import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Entry } from './types.js';

/**
 * Append-only file of JSON lines. A line is handed to the operating system before `append` returns, so it survives
 * `kill -9` of the process; a power cut is out of scope, hence no fsync.
 */
export class Journal {
  private readonly fd: number;

  private constructor(path: string) {
    this.fd = openSync(path, 'a+');
  }

  /**
   * Opens or creates the file and hands every complete line to `apply`. A torn last line, which a killed writer leaves, is
   * cut off: nothing was answered for it. Throws SyntaxError when an earlier line is damaged.
   */
  static open(path: string, apply: (entry: Entry) => void): Journal {
    const journal = new Journal(path);
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end < bytes.length) ftruncateSync(journal.fd, end);
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      if (line !== '') apply(JSON.parse(line) as Entry);
    }
    return journal;
  }

  append(entry: Entry): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    for (let written = 0; written < line.length;) written += writeSync(this.fd, line, written);
  }

  clear(): void {
    ftruncateSync(this.fd, 0);
  }

  close(): void {
    closeSync(this.fd);
  }
}
