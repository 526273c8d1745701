import { stripJpeg } from './strip-jpeg.js';

/** Chunks of PNG besides the critical ones that change what is seen (PNG third edition, 11.3). */
const PNG_KEPT = new Set('tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST pHYs sPLT cICP mDCV cLLI acTL fcTL fdAT'.split(' '));
const PNG_HEADER = 8;

/** Chunks of WebP that make up the picture (RFC 9649, 2.7). */
const WEBP_KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ANIM', 'ANMF', 'ALPH', 'ICCP']);
const WEBP_HEADER = 12;
/** Flags of VP8X that announce Exif and XMP. */
const WEBP_METADATA_FLAGS = 0x08 | 0x04;

/** Application extensions of GIF that make it repeat; others carry XMP and the like. */
const GIF_KEPT = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);
const GIF_HEADER = 13;

/** Most chunks or blocks of a picture; a file of 10 MiB could have a million and keep us busy. */
const MAX_PARTS = 50_000;

/**
 * Takes location, camera, author, comments and thumbnails out of a picture without touching what is seen (SPEC 5.2). It works by
 * lists of what may stay, so that kinds of metadata nobody has heard of go too.
 * @returns the bytes to store: those of other types and of BMP, which has no metadata, as they are; null for a picture whose
 * structure cannot be followed or is absurd: something might be hidden in it, so it must not be stored.
 */
export function stripMetadata(bytes: Buffer, mimeType: string): Buffer | null {
  switch (mimeType) {
    case 'image/jpeg':
      return stripJpeg(bytes);
    case 'image/png':
      return stripPng(bytes);
    case 'image/webp':
      return stripWebp(bytes);
    case 'image/gif':
      return stripGif(bytes);
    default:
      return bytes;
  }
}

function stripPng(bytes: Buffer): Buffer | null {
  const kept = [bytes.subarray(0, PNG_HEADER)];
  let at = PNG_HEADER;
  for (let part = 0; at + 12 <= bytes.length; part += 1) {
    if (part > MAX_PARTS) return null;
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length || !/^[A-Za-z]{4}$/.test(type)) return null;
    const isCritical = /^[A-Z]/.test(type);
    if (isCritical || PNG_KEPT.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') return Buffer.concat(kept);
    at = end;
  }
  return null;
}

function stripWebp(bytes: Buffer): Buffer | null {
  if (bytes.length < WEBP_HEADER) return null;
  const limit = bytes.readUInt32LE(4) + 8;
  if (limit > bytes.length) return null;
  const kept: Buffer[] = [];
  let at = WEBP_HEADER;
  for (let part = 0; at + 8 <= limit; part += 1) {
    if (part > MAX_PARTS) return null;
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size;
    if (end > limit) return null;
    const type = bytes.toString('latin1', at, at + 4);
    if (WEBP_KEPT.has(type))
      kept.push(type === 'VP8X' ? withoutFlags(bytes.subarray(at, end)) : bytes.subarray(at, end));
    if (WEBP_KEPT.has(type) && size % 2 === 1) kept.push(Buffer.alloc(1));
    at = end + (size % 2);
  }
  if (kept.length === 0) return null;
  const body = Buffer.concat(kept);
  const header = Buffer.from(bytes.subarray(0, WEBP_HEADER));
  header.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([header, body]);
}

function withoutFlags(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  if (copy.length > 8) copy.writeUInt8(copy.readUInt8(8) & ~WEBP_METADATA_FLAGS, 8);
  return copy;
}

/** Blocks of GIF89a: extensions (0x21), pictures (0x2C), the end (0x3B). */
function stripGif(bytes: Buffer): Buffer | null {
  if (bytes.length < GIF_HEADER) return null;
  let at = GIF_HEADER + colourTable(bytes.readUInt8(10));
  const kept = [bytes.subarray(0, at)];
  for (let part = 0; at < bytes.length; part += 1) {
    if (part > MAX_PARTS) return null;
    const kind = bytes[at];
    if (kind === 0x3b) return Buffer.concat([...kept, bytes.subarray(at, at + 1)]);
    const data = kind === 0x21 ? at + 2 : kind === 0x2c ? at + 11 + colourTable(bytes[at + 9] ?? 0) : null;
    const end = data === null ? null : endOfSubBlocks(bytes, data);
    if (end === null) return null;
    if (kind === 0x2c || isNeededExtension(bytes, at)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  // Some programs leave the end out.
  return at === bytes.length ? Buffer.concat([...kept, Buffer.from([0x3b])]) : null;
}

const colourTable = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1));

function endOfSubBlocks(bytes: Buffer, from: number): number | null {
  let at = from;
  for (let size = bytes[at]; size !== undefined; size = bytes[at]) {
    at += size + 1;
    if (size === 0) return at;
  }
  return null;
}

const isNeededExtension = (bytes: Buffer, at: number): boolean =>
  bytes[at + 1] === 0xf9 || (bytes[at + 1] === 0xff && GIF_KEPT.has(bytes.toString('latin1', at + 3, at + 14)));
