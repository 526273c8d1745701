import { describe, expect, it } from '@jest/globals';
import { stripMetadata } from '../../../src/utils/strip-metadata.js';
import {
  chunk,
  EOI,
  exif,
  gif,
  GIF_REPEAT,
  gifExtension,
  jpeg,
  png,
  riff,
  SCAN,
  SECRET,
  segment,
  SOI,
  webp,
} from './pictures.js';

const ICC = segment(0xe2, 'ICC_PROFILE\0\x01\x01profile');
const ADOBE = segment(0xee, 'Adobe\0\x64\0\0\0\0\x01');
const strip = (bytes: Buffer, type: string): Buffer => {
  const result = stripMetadata(bytes, type);
  if (result === null) throw new Error('refused');
  return result;
};

describe('JPEG', () => {
  it('loses Exif, XMP, IPTC, comments, maker notes and what follows the picture', () => {
    const metadata = [
      exif(1),
      segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${SECRET}`),
      segment(0xed, `Photoshop 3.0\0${SECRET}`),
      segment(0xe2, `MPF\0${SECRET}`),
      segment(0xeb, SECRET),
      segment(0xfe, SECRET),
    ];
    const dirty = Buffer.concat([jpeg(...metadata), Buffer.from(SECRET)]);
    expect(strip(dirty, 'image/jpeg').equals(jpeg())).toBe(true);
  });

  it('keeps what decoders need', () => {
    const needed = jpeg(ICC, ADOBE);
    expect(strip(needed, 'image/jpeg').equals(needed)).toBe(true);
  });

  it.each(['II', 'MM'] as const)('keeps the orientation of Exif and nothing else of it (%s)', (order) => {
    const clean = strip(jpeg(exif(6, order)), 'image/jpeg');
    expect(clean.includes(SECRET)).toBe(false);
    const at = clean.indexOf('Exif\0\0');
    expect(clean.subarray(at + 6, at + 32).toString('hex')).toBe(
      '4d4d002a00000008000101120003000000010006000000000000',
    );
    expect(strip(clean, 'image/jpeg').equals(clean)).toBe(true);
  });

  it('takes metadata out from between scans', () => {
    const progressive = Buffer.concat([jpeg().subarray(0, -2), segment(0xfe, SECRET), SCAN, EOI]);
    const clean = Buffer.concat([jpeg().subarray(0, -2), SCAN, EOI]);
    expect(strip(progressive, 'image/jpeg').equals(clean)).toBe(true);
  });

  it('keeps a picture that was cut off within its image data', () => {
    const cut = jpeg().subarray(0, -4);
    expect(strip(cut, 'image/jpeg').equals(cut)).toBe(true);
  });

  it('survives Exif whose directory points nowhere', () => {
    const broken = exif(6);
    broken.writeUInt32LE(0xfffffff0, 14);
    expect(strip(jpeg(broken), 'image/jpeg').equals(jpeg())).toBe(true);
  });
});

describe('PNG', () => {
  it('loses text, Exif, times, unknown chunks and what follows the picture', () => {
    const metadata = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'caBX'].map((type) => chunk(type, SECRET));
    const dirty = Buffer.concat([png(...metadata), Buffer.from(SECRET)]);
    expect(strip(dirty, 'image/png').equals(png())).toBe(true);
  });

  it('keeps colours, transparency and animation', () => {
    const needed = png(chunk('gAMA', '1234'), chunk('tRNS', 'abcdef'), chunk('acTL', '12345678'));
    expect(strip(needed, 'image/png').equals(needed)).toBe(true);
  });
});

describe('WebP', () => {
  it('loses Exif, XMP and unknown chunks, and announces them no more', () => {
    const dirty = webp(riff('EXIF', SECRET), riff('XMP ', `${SECRET}!`), riff('OWN ', SECRET));
    const clean = strip(dirty, 'image/webp');
    expect(clean.includes(SECRET)).toBe(false);
    expect(clean.readUInt32LE(4)).toBe(clean.length - 8);
    expect(clean.readUInt8(20)).toBe(0x20);
    expect(clean.subarray(21).equals(webp().subarray(21))).toBe(true);
  });
});

describe('GIF', () => {
  it('loses comments, XMP and what follows the picture', () => {
    const metadata = [gifExtension(0xfe, SECRET), gifExtension(0xff, 'XMP DataXMP', SECRET)];
    const dirty = Buffer.concat([gif(...metadata), Buffer.from(SECRET)]);
    expect(strip(dirty, 'image/gif').equals(gif())).toBe(true);
  });

  it('keeps timing and repetition', () => {
    const needed = gif(GIF_REPEAT, gifExtension(0xf9, '\0\0\0\0'));
    expect(strip(needed, 'image/gif').equals(needed)).toBe(true);
  });

  it('adds an end that was left out', () => {
    expect(strip(gif().subarray(0, -1), 'image/gif').equals(gif())).toBe(true);
  });
});

describe('damaged pictures', () => {
  const cases: [string, string, Buffer][] = [
    ['a JPEG without image data', 'image/jpeg', Buffer.concat([SOI, exif(1), EOI])],
    ['a JPEG cut off in its metadata', 'image/jpeg', jpeg(exif(1)).subarray(0, 60)],
    ['a JPEG with bytes between segments', 'image/jpeg', Buffer.concat([SOI, Buffer.from(SECRET), jpeg().subarray(2)])],
    ['a PNG cut off', 'image/png', png().subarray(0, -5)],
    ['a PNG with a chunk that is no chunk', 'image/png', png(chunk('1234', SECRET))],
    ['a WebP shorter than it says', 'image/webp', webp().subarray(0, -3)],
    ['a WebP chunk longer than the file', 'image/webp', webp(Buffer.from('EXIF\xff\xff\0\0', 'latin1'))],
    ['a GIF cut off', 'image/gif', gif().subarray(0, -3)],
    ['a GIF with a block of no kind', 'image/gif', gif(Buffer.from('secret'))],
  ];

  it.each(cases)('are refused: %s', (_name, type, bytes) => {
    expect(stripMetadata(bytes, type)).toBeNull();
  });

  it.each<[string, (parts: Buffer) => Buffer, Buffer]>([
    ['image/jpeg', jpeg, segment(0xfe, '')],
    ['image/png', png, chunk('tEXt', '')],
    ['image/webp', webp, riff('EXIF', '')],
    ['image/gif', gif, gifExtension(0xfe)],
  ])('are refused when made of too many parts: %s', (type, build, part) => {
    const many = (count: number): Buffer => build(Buffer.concat(Array.from({ length: count }, () => part)));
    expect(stripMetadata(many(1_000), type)?.equals(build(Buffer.alloc(0)))).toBe(type !== 'image/webp');
    expect(stripMetadata(many(60_000), type)).toBeNull();
  });

  it('never throw, wherever they are cut or changed', () => {
    const whole: [string, Buffer][] = [
      ['image/jpeg', jpeg(exif(6), ICC)],
      ['image/png', png(chunk('tEXt', SECRET))],
      ['image/webp', webp(riff('EXIF', SECRET))],
      ['image/gif', gif(gifExtension(0xfe, SECRET))],
    ];
    for (const [type, bytes] of whole) {
      for (let at = 0; at <= bytes.length; at += 1) {
        const changed = Buffer.from(bytes);
        if (at < bytes.length) changed[at] = 0xff;
        expect(() => [stripMetadata(bytes.subarray(0, at), type), stripMetadata(changed, type)]).not.toThrow();
      }
    }
  });
});

it('leaves other types alone', () => {
  const bytes = Buffer.from(SECRET);
  expect(stripMetadata(bytes, 'application/pdf')).toBe(bytes);
});
