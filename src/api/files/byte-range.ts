import { Readable } from 'node:stream';

/** Bytes from first to last, both included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The one range a request asks for (RFC 9110, 14.1.2).
 * @param size of the file in bytes.
 * @returns null when it asks for none, several, or something that is not understood: then the whole file is the answer;
 * `unsatisfiable` when the range lies behind the end.
 */
export function parseRange(header: string, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= size) return 'unsatisfiable';
  return { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/** The bytes of a range; what comes before is read and dropped, which files of a few megabytes allow. */
export function cutOut(source: Readable, { first, last }: ByteRange): Readable {
  async function* bytes(): AsyncGenerator<Buffer> {
    let at = 0;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      const wanted = chunk.subarray(Math.max(first - at, 0), Math.max(last + 1 - at, 0));
      at += chunk.length;
      if (wanted.length > 0) yield wanted;
      if (at > last) return;
    }
  }
  const cut = Readable.from(bytes(), { objectMode: false });
  // A reader that leaves before the first byte never starts the generator, whose end would close the source.
  cut.once('close', () => source.destroy());
  return cut;
}
