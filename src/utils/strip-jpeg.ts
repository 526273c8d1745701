/** Markers of ITU-T T.81, table B.1. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const COM = 0xfe;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;

/** What decoders need of the application segments: JFIF, the colour profile, Adobe's colour transform. */
const NEEDED: Record<number, string> = { [APP0]: 'JFIF\0', [APP2]: 'ICC_PROFILE\0', [APP14]: 'Adobe' };
const EXIF = 'Exif\0\0';
const UPRIGHT = 1;
/** More segments than any camera writes: somebody wants to keep us busy. */
const MAX_SEGMENTS = 20_000;

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
const beginsWith = (segment: Buffer, text: string): boolean =>
  segment.subarray(4, 4 + text.length).toString('latin1') === text;

/**
 * A JPEG without its metadata: every comment and application segment that decoders do not need, and whatever follows the end
 * of the picture. Of Exif only the orientation stays, because a phone's pictures would otherwise lie on their side. A picture cut off
 * within its image data stays cut off.
 * @returns null when the segments cannot be followed to the image data.
 */
export function stripJpeg(bytes: Buffer): Buffer | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null;
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  let hasPicture = false;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff || kept.length > MAX_SEGMENTS) return null;
    while (bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (marker === undefined || marker === EOI) {
      kept.push(bytes.subarray(at, at + 2));
      break;
    }
    const end = endOfSegment(bytes, at);
    if (end === null) return null;
    kept.push(cleaned(marker, bytes.subarray(at, end)));
    at = end;
    if (marker !== SOS) continue;
    hasPicture = true;
    at = endOfScan(bytes, end);
    kept.push(bytes.subarray(end, at));
  }
  return hasPicture ? Buffer.concat(kept) : null;
}

function endOfSegment(bytes: Buffer, at: number): number | null {
  if (at + 4 > bytes.length) return null;
  const length = bytes.readUInt16BE(at + 2);
  const end = at + 2 + length;
  return length < 2 || end > bytes.length ? null : end;
}

/** Where the next segment begins: at an FF that neither stands for itself (FF 00) nor restarts the scan. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}

function cleaned(marker: number, segment: Buffer): Buffer {
  const isMetadata = marker === COM || (marker >= APP0 && marker <= APP15);
  const needed = NEEDED[marker];
  if (!isMetadata || (needed !== undefined && beginsWith(segment, needed))) return segment;
  if (marker !== APP1 || !beginsWith(segment, EXIF)) return Buffer.alloc(0);
  const orientation = readOrientation(segment.subarray(4 + EXIF.length));
  return orientation === UPRIGHT ? Buffer.alloc(0) : exifOf(orientation);
}

/** Tag 0x0112 of the first directory of a TIFF structure (Exif 2.3, 4.6.4); upright when it is not there. */
function readOrientation(tiff: Buffer): number {
  const order = tiff.subarray(0, 2).toString('latin1');
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return UPRIGHT;
  const u16 = (at: number): number => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return UPRIGHT;
  const entries = u16(directory);
  for (let n = 0; n < entries; n += 1) {
    const at = directory + 2 + n * 12;
    if (at + 12 > tiff.length) return UPRIGHT;
    if (u16(at) !== 0x0112) continue;
    const value = u16(at + 8);
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
}

/** An Exif segment that holds nothing but the orientation. */
const exifOf = (orientation: number): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, APP1, 0, 34]),
    Buffer.from(`${EXIF}MM`, 'latin1'),
    Buffer.from([0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
  ]);
