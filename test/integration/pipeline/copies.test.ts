import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AttachmentModel } from '../../../src/models/index.js';
import { forgetEverything, post, sample, settled, startMessengerHub } from '../../support/messenger-hub.js';
import { Platform } from '../../support/platform.js';
import type { TestHub } from '../../support/start-hub.js';
import { exif, jpeg, SECRET } from '../../unit/utils/pictures.js';

jest.setTimeout(60_000);

let platform: Platform;
let hub: TestHub;

beforeAll(async () => {
  platform = await Platform.start();
  hub = await startMessengerHub({ GRAPH_BASE_URL: platform.url });
  platform.standInForFiles(hub.hub.http);
});
afterAll(async () => {
  await hub?.stop();
  await platform.stop();
});
beforeEach(async () => {
  platform.files.clear();
  await forgetEverything();
});

async function deliver(name: string): Promise<void> {
  expect(await post(hub.url, sample(name))).toBe(200);
  await settled();
}

const pathOf = (name: string): string => {
  const { entry } = JSON.parse(sample(name)) as {
    entry: { messaging: { message: { attachments: { payload: { url: string } }[] } }[] }[];
  };
  return new URL(entry[0]?.messaging[0]?.message.attachments[0]?.payload.url ?? '').pathname;
};

/** Delivers a sample whose file is this one. @returns the copy's row. */
async function copied(name: string, file: Buffer) {
  platform.files.set(pathOf(name), file);
  await deliver(name);
  const row = await AttachmentModel.findOne({ message: { $ne: null } }).lean();
  const chunks: Buffer[] = [];
  for await (const chunk of await hub.hub.blobs.open(row?.blobKey ?? '')) chunks.push(chunk as Buffer);
  return { row, bytes: Buffer.concat(chunks) };
}

describe('a file of the platform', () => {
  it('loses the metadata of its picture, as an upload does', async () => {
    const { row, bytes } = await copied('message-image', jpeg(exif(1)));
    expect(row).toMatchObject({ state: 'stored', kind: 'image', mimeType: 'image/jpeg', size: bytes.length });
    expect(bytes.includes(SECRET)).toBe(false);
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it('is a download and no picture when its structure cannot be followed', async () => {
    const damaged = jpeg(exif(1)).subarray(0, 60);
    const { row, bytes } = await copied('message-image', damaged);
    expect(row).toMatchObject({ state: 'stored', kind: 'file', mimeType: 'application/octet-stream' });
    expect(bytes).toEqual(damaged);
  });

  it('is kept as a download when people could not upload it', async () => {
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
    const { row, bytes } = await copied('message-file', program);
    expect(row).toMatchObject({ state: 'stored', kind: 'file', mimeType: 'application/octet-stream' });
    expect(bytes).toEqual(program);
  });
});
