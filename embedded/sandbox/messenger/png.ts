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

/** A square PNG of `size` pixels; `paint` gives the colour at x, y, both between -1 and 1 (PNG specification, colour type 6). */
function png(size: number, paint: (x: number, y: number) => Rgba): Buffer {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const colour = paint(((column + 0.5) / size) * 2 - 1, ((row + 0.5) / size) * 2 - 1);
      rows.set(colour, row * (size * 4 + 1) + 1 + column * 4);
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

const AVATAR_COLOURS: readonly (readonly [number, number, number])[] = [
  [176, 74, 92],
  [44, 110, 143],
  [104, 84, 160],
  [46, 117, 89],
  [158, 92, 34],
  [72, 88, 112],
];

/** Profile picture: a head-and-shoulders figure on a colour that depends on the person's id. */
export function avatarPng(personId: string): Buffer {
  const index = Number(BigInt(personId.replace(/\D/g, '') || '0') % BigInt(AVATAR_COLOURS.length));
  const [red, green, blue] = AVATAR_COLOURS[index] ?? [72, 88, 112];
  return png(160, (x, y) => {
    const head = x * x + (y + 0.25) ** 2 < 0.13;
    const shoulders = (x / 0.68) ** 2 + ((y - 0.95) / 0.72) ** 2 < 1;
    return head || shoulders ? [244, 246, 250, 255] : [red, green, blue, 255];
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
