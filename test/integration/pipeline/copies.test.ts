import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepUploads, UPLOAD_LIFETIME } from '../../../src/commands/files/sweep-uploads.js';
import { act } from '../../../src/commands/act.js';
import { SYSTEM } from '../../../src/policies/index.js';
import {
  AttachmentModel,
  ContactIdentityModel,
  ContactModel,
  ConversationModel,
  MessageModel,
  OutboxRowModel,
  type Contact,
} from '../../../src/models/index.js';
import { presentConversation } from '../../../src/presenters/conversation.js';
import {
  forgetEverything,
  PAGES,
  post,
  sample,
  settled,
  startHubOnPlatform,
  type HubOnPlatform,
} from '../../support/messenger-hub.js';
import type { Platform } from '../../support/platform.js';
import { until } from '../../support/until.js';
import { exif, jpeg, png, SECRET } from '../../unit/utils/pictures.js';

const PICTURE = 'https://scontent.xx.fbcdn.net/faces/lena.jpg?oh=1';
const TEXT = Buffer.from('Grüße aus Wien');

let platform: Platform;
let hub: HubOnPlatform;

beforeAll(async () => {
  hub = await startHubOnPlatform();
  ({ platform } = hub);
});
afterAll(() => hub?.stop());
beforeEach(async () => {
  platform.picture = null;
  platform.files.clear();
  await forgetEverything();
});

const face = (bytes: Buffer) => {
  platform.picture = PICTURE;
  platform.files.set('/faces/lena.jpg', bytes);
};

async function deliver(name: string): Promise<void> {
  expect(await post(hub.url, sample(name))).toBe(200);
  await settled();
}

const bytesAt = async (path: string): Promise<Buffer> => {
  const answer = await fetch(hub.url + path);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};

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

  it('is called by what can be seen of its name', async () => {
    const path = pathOf('message-file');
    const turned = `${path.slice(0, path.lastIndexOf('/') + 1)}inv%E2%80%AEgpj.exe`;
    platform.files.set(turned, Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]));
    expect(await post(hub.url, sample('message-file').replace(path, turned))).toBe(200);
    await settled();
    expect(await AttachmentModel.findOne({ message: { $ne: null } }).lean()).toMatchObject({
      ...{ name: 'invgpj.exe', state: 'stored', mimeType: 'application/octet-stream' },
    });
  });
});

it('the name of a contact is the platform’s word, without what nobody sees', async () => {
  platform.firstName = 'Le\u202Ena\u200B';
  await deliver('message-text');
  expect(await onlyContact()).toMatchObject({ name: 'Lena 0143', nameBy: 'platform' });
  platform.firstName = 'Lena';
});

describe('the bytes of a copy', () => {
  const keys = async (): Promise<string[]> =>
    (await readdir(join(hub.hub.env.DATA_DIR, 'files'), { recursive: true })).filter((key) =>
      /^attachments\/.*\/./.test(key),
    );

  it('do not stay behind when the try fails after they are written', async () => {
    const before = await keys();
    const change = jest.spyOn(MessageModel, 'findOneAndUpdate').mockImplementationOnce((() => {
      throw new Error('the commit fails');
    }) as never);
    platform.files.set(pathOf('message-image'), png());
    expect(await post(hub.url, sample('message-image'))).toBe(200);
    await until('the copy failed once', async () => (await OutboxRowModel.exists({ tries: 1, lease: null })) !== null);
    change.mockRestore();
    await OutboxRowModel.updateMany({}, { $set: { dueAt: new Date() } });
    hub.hub.hints.consumer('attachment', null);
    await settled();
    const row = await AttachmentModel.findOne({ message: { $ne: null } }).lean();
    expect(row?.state).toBe('stored');
    expect((await keys()).filter((key) => !before.includes(key))).toEqual([row?.blobKey]);
  });

  it('go when the message is taken back', async () => {
    const { row } = await copied('message-image', png());
    const { entry } = JSON.parse(sample('message-image')) as {
      entry: { messaging: { timestamp: number; message: object }[] }[];
    };
    const event = entry[0]?.messaging[0];
    const { mid } = event?.message as { mid: string };
    const unsend = { ...event, timestamp: Date.now(), message: { mid, is_deleted: true } };
    expect(await post(hub.url, JSON.stringify({ object: 'page', entry: [{ ...entry[0], messaging: [unsend] }] }))).toBe(
      200,
    );
    await settled();
    expect(await AttachmentModel.findById(row?._id).lean()).toMatchObject({ message: null, state: 'failed' });
    const later = { ...hub.hub, now: () => Date.now() + UPLOAD_LIFETIME + 60_000 };
    expect(await sweepUploads(later)).toBe(1);
    expect(await hub.hub.blobs.stat(row?.blobKey ?? '')).toBeNull();
  });
});

describe('files that drip', () => {
  const PATHS = Array.from({ length: 8 }, (_, n) => `/v/drip-${n}.png`);
  const messageWith = (n: number, address: string): string =>
    JSON.stringify({
      object: 'page',
      entry: [
        {
          id: PAGES[0],
          time: 1781515800758,
          messaging: [
            {
              sender: { id: `80${n}` },
              recipient: { id: PAGES[0] },
              timestamp: 1781515800118 + n,
              message: { mid: `m_drip_${n}`, attachments: [{ type: 'image', payload: { url: address } }] },
            },
          ],
        },
      ],
    });
  const stored = () => AttachmentModel.countDocuments({ state: 'stored', message: { $ne: null } });

  it('are fetched two at once of one host, and hold up neither other files nor names and pictures', async () => {
    face(png());
    for (const [n, path] of PATHS.entries()) {
      platform.dripping.add(path);
      expect(await post(hub.url, messageWith(n, `https://slow.xx.fbcdn.net${path}`))).toBe(200);
      await until('the message is there', async () => (await AttachmentModel.countDocuments({ state: 'pending' })) > n);
    }
    await until('two are dripping', () => platform.drips === 2);
    expect(await post(hub.url, messageWith(9, 'https://fast.xx.fbcdn.net/v/cat.png'))).toBe(200);
    await until('another host’s file is copied', async () => (await stored()) === 1);
    const named = { name: { $ne: null }, avatar: { $ne: null } };
    await until('names and pictures are there', async () => (await ContactModel.countDocuments(named)) === 9);
    expect(platform.drips).toBe(2);

    platform.dripping.clear();
    await settled();
    expect(await stored()).toBe(9);
  });
});

const onlyContact = async (): Promise<Contact> => {
  const [contact] = await ContactModel.find().lean<Contact[]>();
  if (contact === undefined) throw new Error('there is no contact');
  return contact;
};

async function avatarUrl(): Promise<string | null> {
  const conversation = await ConversationModel.findOne().lean();
  if (conversation === null) throw new Error('there is no conversation');
  return (await presentConversation(hub.hub, conversation)).contact.avatarUrl;
}

/** Makes the hub ask the platform once more who the contact is. */
async function fetchProfileAgain(): Promise<void> {
  const identity = await ContactIdentityModel.findOne().lean();
  await act(hub.hub, SYSTEM, (unit) => {
    const data = { identity: String(identity?._id), inbox: String(identity?.inbox), channel: 'messenger' };
    unit.record({ type: 'identity.created', conversation: null, rev: null, data });
    return Promise.resolve();
  });
  await settled();
}

describe('the picture of a contact', () => {
  it('is copied without its metadata and shown under an address of ours', async () => {
    face(jpeg(exif(1)));
    await deliver('message-text');
    const url = await avatarUrl();
    expect(url).toMatch(/^\/files\/[0-9a-f]{24}\?/);
    expect((await bytesAt(url ?? '')).includes(SECRET)).toBe(false);
    expect((await onlyContact()).name).toBe('Lena 0143');
  });

  it('is replaced when the profile is fetched again, and the earlier copy is deleted', async () => {
    face(jpeg());
    await deliver('message-text');
    const before = await AttachmentModel.findById((await onlyContact()).avatar).lean();
    face(png());
    await fetchProfileAgain();

    expect(await bytesAt((await avatarUrl()) ?? '')).toEqual(png());
    const later = { ...hub.hub, now: () => Date.now() + UPLOAD_LIFETIME + 60_000 };
    expect(await sweepUploads(later)).toBe(1);
    expect(await hub.hub.blobs.stat(before?.blobKey ?? '')).toBeNull();
    expect(await bytesAt((await avatarUrl()) ?? '')).toEqual(png());
  });

  it.each<[string, () => void]>([
    ['is no picture', () => face(TEXT)],
    ['is damaged', () => face(jpeg().subarray(0, 30))],
    ['is too large', () => face(Buffer.concat([png(), Buffer.alloc(5 * 1024 * 1024)]))],
    ['lies elsewhere', () => (platform.picture = 'http://127.0.0.1:1/lena.jpg')],
  ])('that %s leaves the name and what was shown before', async (_what, change) => {
    face(png());
    await deliver('message-text');
    const before = await onlyContact();
    await ContactModel.updateOne({}, { $set: { name: null } });
    change();
    await fetchProfileAgain();
    expect(await onlyContact()).toEqual(before);
    expect(await bytesAt((await avatarUrl()) ?? '')).toEqual(png());
  });

  it('is not shown where there never was one that could be copied', async () => {
    face(TEXT);
    await deliver('message-text');
    expect(await avatarUrl()).toBeNull();
    expect(await onlyContact()).toMatchObject({ name: 'Lena 0143', avatar: null });
  });
});
