import { describe, expect, it } from '@jest/globals';
import { cleanFileName, MAX_FILE_NAME } from '../../../src/utils/file-name.js';

const JPEG = ['jpg', 'jpeg'] as const;

describe('file names', () => {
  it.each([
    ['photo.jpg', 'photo.jpg'],
    ['Photo.JPEG', 'Photo.JPEG'],
    ['evil.exe', 'evil.jpg'],
    ['page.html', 'page.jpg'],
    ['photo.png', 'photo.jpg'],
    ['report.v2', 'report.v2.jpg'],
    ['photo', 'photo.jpg'],
    ['../../etc/passwd.jpg', 'passwd.jpg'],
    ['C:\\Users\\me\\a.jpg', 'a.jpg'],
    ['a\u0000b\r\n"c".jpg', 'ab _c_.jpg'],
    ['gpj.\u202Eexe', 'gpj.jpg'],
    ['.htaccess', 'htaccess.jpg'],
    ['..', 'file.jpg'],
    ['', 'file.jpg'],
    ['a. .jpg', 'a.jpg'],
    ['  Rechnung   März.jpg ', 'Rechnung März.jpg'],
    ['Ma\u0308rz.jpg', 'März.jpg'],
    ['写真 😀.jpg', '写真 😀.jpg'],
    ['half\ud83d.jpg', 'half.jpg'],
  ])('%j becomes %j', (claimed, kept) => {
    expect(cleanFileName(claimed, JPEG)).toBe(kept);
  });

  it('gives a name to what has none', () => {
    expect(cleanFileName(null, JPEG)).toBe('file.jpg');
  });

  it('shortens to the limit, keeping the extension and whole characters', () => {
    const name = cleanFileName(`${'😀'.repeat(100)}.jpeg`, JPEG);
    expect(name.length).toBeLessThanOrEqual(MAX_FILE_NAME);
    expect(name.length).toBeGreaterThan(MAX_FILE_NAME - 2);
    expect(name).toMatch(/^(😀)+\.jpeg$/u);
  });
});
