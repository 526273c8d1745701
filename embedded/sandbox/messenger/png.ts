import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

type Rgba = readonly [number, number, number, number];

const CLEAR: Rgba = [0, 0, 0, 0];

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Samples per pixel along each side, for smooth edges. */
const SAMPLES = 3;

/** Mean colour of one pixel, weighted by how opaque its samples are. */
function blended(column: number, row: number, size: number, paint: (x: number, y: number) => Rgba): number[] {
  const sum = [0, 0, 0, 0];
  for (let sample = 0; sample < SAMPLES ** 2; sample += 1) {
    const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size) * 2 - 1;
    const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size) * 2 - 1;
    const [red, green, blue, alpha] = paint(x, y);
    [red * alpha, green * alpha, blue * alpha, alpha].forEach(
      (value, index) => (sum[index] = (sum[index] ?? 0) + value),
    );
  }
  const [red = 0, green = 0, blue = 0, alpha = 0] = sum;
  const weight = Math.max(alpha, 1);
  return [red / weight, green / weight, blue / weight, alpha / SAMPLES ** 2].map(Math.round);
}

/** A square PNG of `size` pixels; `paint` gives the colour at x, y, both between -1 and 1 (PNG specification, colour type 6). */
function png(size: number, paint: (x: number, y: number) => Rgba): Buffer {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      rows.set(blended(column, row, size, paint), row * (size * 4 + 1) + 1 + column * 4);
    }
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0]);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

type Rgb = readonly [number, number, number];

const GROUNDS: readonly Rgb[] = [
  [232, 190, 172],
  [168, 206, 222],
  [196, 186, 232],
  [176, 216, 186],
  [240, 212, 150],
  [198, 206, 220],
];
const CLOTHES: readonly Rgb[] = [
  [152, 52, 74],
  [32, 92, 126],
  [84, 66, 146],
  [36, 98, 72],
  [140, 76, 24],
  [58, 70, 94],
];
const SKINS: readonly Rgb[] = [
  [250, 220, 196],
  [224, 176, 138],
  [158, 106, 74],
];
const HAIRS: readonly Rgb[] = [
  [44, 34, 30],
  [104, 66, 38],
  [196, 152, 86],
  [120, 120, 126],
];

/** Picks by one byte of the id's hash, so that an id always gets the same picture. */
function pickBy(id: string): (choices: readonly Rgb[], byte: number) => Rgb {
  const digest = createHash('sha256').update(id).digest();
  return (choices, byte) => choices[(digest[byte] ?? 0) % choices.length] ?? [72, 88, 112];
}

/** Profile picture of a person: head, hair and shoulders in colours that depend on the id. */
export function avatarPng(personId: string): Buffer {
  const pick = pickBy(personId);
  const [ground, clothes, skin, hair] = [pick(GROUNDS, 0), pick(CLOTHES, 1), pick(SKINS, 2), pick(HAIRS, 3)];
  return png(160, (x, y) => {
    const radius = Math.hypot(x / 0.36, (y + 0.14) / 0.42);
    const isHair = Math.hypot(x / 0.42, (y + 0.2) / 0.46) < 1 && (y < -0.28 || (radius > 1 && y < -0.02));
    const colour = isHair ? hair : radius < 1 ? skin : Math.hypot(x / 0.72, (y - 1) / 0.66) < 1 ? clothes : ground;
    return [...colour, 255];
  });
}

/** Picture of a Page: a shop front. */
export function shopPng(pageId: string): Buffer {
  const ground = pickBy(pageId)(CLOTHES, 1);
  return png(160, (x, y) => {
    const stripe = Math.floor((x + 0.58) / 0.232) % 2;
    const awning = Math.abs(x) < 0.58 && y > -0.5 && y < -0.1 + stripe * 0.05;
    const wall = Math.abs(x) < 0.5 && y > -0.1 && y < 0.5 && !(x > 0.08 && x < 0.34 && y > 0.1);
    const striped = awning && stripe === 0;
    return wall || (awning && !striped) ? [255, 255, 255, 255] : striped ? [244, 190, 74, 255] : [...ground, 255];
  });
}

/** The sticker that a phone sends: a red heart on a clear ground. */
export function stickerPng(): Buffer {
  return png(160, (x, y) => {
    const [across, up] = [x * 1.3, 0.15 - y * 1.25];
    const inside = (across ** 2 + up ** 2 - 1) ** 3 - across ** 2 * up ** 3 < 0;
    return inside ? [225, 48, 84, 255] : CLEAR;
  });
}
