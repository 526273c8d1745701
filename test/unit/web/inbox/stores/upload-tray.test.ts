import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AttachmentDto } from '../../../../../src/shared/dto.js';
import { LIMITS } from '../../../../../src/shared/limits.js';
import { UploadTray, type TrayFile } from '../../../../../web/inbox/stores/upload-tray.js';
import { buildAttachment, settle } from '../builders.js';

interface Upload {
  file: TrayFile;
  progress: (share: number) => void;
  signal: AbortSignal;
  resolve: (attachment: AttachmentDto) => void;
  reject: (error: Error) => void;
}

describe('UploadTray', () => {
  let uploads: Upload[];
  let tray: UploadTray;
  let nextId = 0;

  beforeEach(() => {
    uploads = [];
    nextId = 0;
    tray = new UploadTray({
      upload: (file, progress, signal) =>
        new Promise((resolve, reject) => uploads.push({ file, progress, signal, resolve, reject })),
      describe: (error) => ({ code: 'UNSUPPORTED_MEDIA_TYPE', message: (error as Error).message }),
      newId: () => `f${nextId++}`,
    });
  });

  const file = (name: string, size = 10): TrayFile => ({ name, size });
  const states = () => tray.items.get().map(({ file: { name }, state }) => [name, state]);

  it('uploads at once, tells the progress, and gives the attachments in order of choice', async () => {
    tray.add([file('a'), file('b')]);
    uploads[0]?.progress(0.5);
    expect(tray.items.get()[0]?.progress).toBe(0.5);
    uploads[1]?.resolve(buildAttachment('B'));
    uploads[0]?.resolve(buildAttachment('A'));
    await settle();
    expect(tray.take().map(({ id }) => id)).toEqual(['A', 'B']);
    expect(tray.items.get()).toEqual([]);
  });

  it('keeps what failed, says why, and tries it again', async () => {
    tray.add([file('a')]);
    uploads[0]?.reject(new Error('Type not allowed.'));
    await settle();
    expect(tray.items.get()[0]).toMatchObject({ state: 'failed', error: { message: 'Type not allowed.' } });
    tray.retry('f0');
    expect(states()).toEqual([['a', 'uploading']]);
    uploads[1]?.resolve(buildAttachment('A'));
    await settle();
    expect(states()).toEqual([['a', 'done']]);
  });

  it('refuses a file that is too large without uploading it', () => {
    tray.add([file('big', LIMITS.fileSize + 1)]);
    expect(tray.items.get()[0]).toMatchObject({
      state: 'failed',
      retryable: false,
      error: 'tooBig',
    });
    tray.retry('f0');
    expect(uploads).toEqual([]);
  });

  it('takes as many files as a message carries', () => {
    const many = Array.from({ length: LIMITS.filesPerMessage + 3 }, (_, index) => file(`n${index}`));
    expect(tray.add(many)).toBe(3);
    expect(tray.add([file('more')])).toBe(1);
    expect(tray.items.get()).toHaveLength(LIMITS.filesPerMessage);
  });

  it('stops the upload of a file that is removed', async () => {
    tray.add([file('a')]);
    tray.remove('f0');
    expect(uploads[0]?.signal.aborted).toBe(true);
    uploads[0]?.reject(new Error('aborted'));
    await settle();
    expect(tray.items.get()).toEqual([]);
  });

  it('takes back what was not sent after all', async () => {
    tray.add([file('new')]);
    tray.putBack([buildAttachment('A', { name: 'old.pdf' })], ({ name }) => file(name));
    expect(states()).toEqual([
      ['old.pdf', 'done'],
      ['new', 'uploading'],
    ]);
    expect(tray.take().map(({ id }) => id)).toEqual(['A']);
    expect(states()).toEqual([['new', 'uploading']]);
  });
});
