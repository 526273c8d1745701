import { isUtf8 } from 'node:buffer';

/**
 * MongoDB stores strings as it is sent them, well-formed or not. A byte that belongs to no UTF-8 sequence is therefore
 * kept as a lone surrogate, U+DC00 plus the byte (Python's "surrogateescape"): no well-formed text holds one, so every
 * string is written back with the bytes it was read with.
 */
const ESCAPE = 0xdc00;
/** Bytes below are ASCII, which is always well-formed. */
const FIRST_ESCAPED = ESCAPE + 0x80;
const LAST_ESCAPED = ESCAPE + 0xff;

/** What UTF-8 decoding leaves for malformed bytes. */
const REPLACEMENT = '\ufffd';

/** Reads the bytes from `start` to `end` as a string. */
export function readUtf8(buffer: Buffer, start: number, end: number): string {
  const text = buffer.toString('utf8', start, end);
  if (!text.includes(REPLACEMENT)) return text;
  const bytes = buffer.subarray(start, end);
  return isUtf8(bytes) ? text : escaped(bytes);
}

function escaped(bytes: Buffer): string {
  const parts: string[] = [];
  let good = 0;
  for (let at = 0; at < bytes.length;) {
    const width = sequenceWidth(bytes, at);
    if (width === 0) {
      parts.push(bytes.toString('utf8', good, at), String.fromCharCode(ESCAPE + bytes[at]!));
      good = at + 1;
    }
    at += Math.max(width, 1);
  }
  parts.push(bytes.toString('utf8', good));
  return parts.join('');
}

/** Bytes of the well-formed sequence at a position; 0 when there is none. */
function sequenceWidth(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const width = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + width <= bytes.length && isUtf8(bytes.subarray(at, at + width)) ? width : 0;
}

/** Writes a string's bytes, at most three for each of its units; returns how many there are. */
export function writeUtf8(buffer: Buffer, text: string, start: number): number {
  if (text.isWellFormed()) return buffer.write(text, start);
  let at = start;
  for (const character of text) {
    const unit = character.charCodeAt(0);
    if (character.length === 1 && isEscape(unit)) buffer[at++] = unit - ESCAPE;
    else at += buffer.write(character, at);
  }
  return at - start;
}

/** True for the unit that stands for a malformed byte; half of a character outside the basic plane may look like one. */
export function isEscape(unit: number): boolean {
  return unit >= FIRST_ESCAPED && unit <= LAST_ESCAPED;
}

/** A string's bytes. */
export function utf8Bytes(text: string): Buffer {
  const buffer = Buffer.allocUnsafe(text.length * 3);
  return buffer.subarray(0, writeUtf8(buffer, text, 0));
}
