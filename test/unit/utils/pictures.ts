import { crc32, deflateSync } from 'node:zlib';

/** What no stored picture may hold. */
export const SECRET = 'GPS 48.2082N 16.3738E';

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number): Buffer =>
  Buffer.from([value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]);
const u32le = (value: number): Buffer => u32(value).reverse();

/** A segment of a JPEG. */
export const segment = (marker: number, body: Buffer | string): Buffer => {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  return Buffer.concat([Buffer.from([0xff, marker]), u16(bytes.length + 2), bytes]);
};

/** Exif with an orientation and a location, as phones write it. */
export const exif = (orientation: number, order: 'II' | 'MM' = 'II'): Buffer => {
  const word = (value: number): Buffer => (order === 'II' ? u16(value).reverse() : u16(value));
  const long = (value: number): Buffer => (order === 'II' ? u32le(value) : u32(value));
  const location = Buffer.concat([word(0x8825), word(4), long(1), long(38)]);
  const turned = Buffer.concat([word(0x0112), word(3), long(1), word(orientation), word(0)]);
  const parts = [Buffer.from(order), word(42), long(8), word(2), location, turned, long(0), Buffer.from(SECRET)];
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), ...parts]));
};

export const SOI = Buffer.from([0xff, 0xd8]);
export const EOI = Buffer.from([0xff, 0xd9]);
export const JFIF = segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0');
const TABLES = Buffer.concat([
  segment(0xdb, Buffer.alloc(65, 1)),
  segment(0xc0, Buffer.from([8, 0, 1, 0, 1, 1, 1, 0x11, 0])),
]);
/** Image data with stuffed bytes, restarts and fill bytes in it. */
export const SCAN = Buffer.concat([
  segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
  Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xff, 0xd1, 0x78]),
]);

/** A JPEG as far as its segments go, with others between its head and its image data. */
export const jpeg = (...extra: Buffer[]): Buffer => Buffer.concat([SOI, JFIF, ...extra, TABLES, SCAN, EOI]);

/** A chunk of a PNG. */
export const chunk = (type: string, body: Buffer | string): Buffer => {
  const data = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(body)]);
  return Buffer.concat([u32(data.length - 4), data, u32(crc32(data))]);
};

/** A picture of one red pixel, with other chunks between its head and its data. */
export const png = (...extra: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])),
    ...extra,
    chunk('IDAT', deflateSync(Buffer.from([0, 255, 0, 0]))),
    chunk('IEND', ''),
  ]);

/** A chunk of RIFF, padded to an even length. */
export const riff = (type: string, body: Buffer | string): Buffer => {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(type, 'latin1'), u32le(bytes.length), bytes, Buffer.alloc(bytes.length % 2)]);
};

/** An extended WebP that announces a profile, Exif and XMP, with other chunks after its data. */
export const webp = (...extra: Buffer[]): Buffer => {
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    riff('VP8X', Buffer.from([0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    riff('VP8L', Buffer.from([0x2f, 0, 0, 0, 0, 0x88, 0x88])),
    ...extra,
  ]);
  return Buffer.concat([Buffer.from('RIFF'), u32le(body.length), body]);
};

const GIF_HEAD = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\0', 'latin1');
const GIF_PICTURE = Buffer.from('\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0', 'latin1');
export const GIF_REPEAT = Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0', 'latin1');

/** A GIF of one pixel with other blocks before it. */
export const gif = (...extra: Buffer[]): Buffer =>
  Buffer.concat([GIF_HEAD, ...extra, GIF_PICTURE, Buffer.from([0x3b])]);

/** An extension block of a GIF with one sub-block of data. */
export const gifExtension = (label: number, ...blocks: string[]): Buffer =>
  Buffer.concat([
    Buffer.from([0x21, label]),
    ...blocks.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')])),
    Buffer.alloc(1),
  ]);
