import { describe, expect, it } from '@jest/globals';
import { recogniseFile } from '../../../src/utils/recognise-file.js';
import { gif, jpeg, png, webp } from './pictures.js';

const CFB = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
const withStream = (name: string): Buffer => Buffer.concat([CFB, Buffer.from(name, 'utf16le'), Buffer.alloc(64)]);
const text = (content: string): Buffer => Buffer.from(content, 'utf8');

describe('types by content', () => {
  it.each<[string, Buffer, string, string]>([
    ['a JPEG under another name', jpeg(), 'a.exe', 'image/jpeg'],
    ['a PNG', png(), 'a.png', 'image/png'],
    ['a GIF', gif(), 'a.gif', 'image/gif'],
    ['a WebP', webp(), 'a.webp', 'image/webp'],
    ['a PDF of text alone', text('%PDF-1.7\n1 0 obj\nendobj\n%%EOF'), 'a.pdf', 'application/pdf'],
    ['RTF', text('{\\rtf1\\ansi hello}'), 'a.rtf', 'application/rtf'],
    ['a Word document of old', withStream('WordDocument'), 'a.doc', 'application/msword'],
    ['an Excel sheet of old', withStream('Workbook'), 'a.xls', 'application/vnd.ms-excel'],
    [
      'an Ogg voice message',
      Buffer.concat([text('OggS'), Buffer.alloc(24), text('OpusHead'), Buffer.alloc(20)]),
      'v',
      'audio/ogg',
    ],
    ['text', text('Grüße aus Wien'), 'a.txt', 'text/plain'],
    ['text that begins like a picture', text('BMW is a car. GIF89a is a format.'), 'a.txt', 'text/plain'],
    ['text without a name', text('hello'), '', 'text/plain'],
    ['text that begins with a heart', text('<3 you'), 'a.txt', 'text/plain'],
    ['CSV with a byte order mark', text('\uFEFFa;b\n1;2\n'), 'a.CSV', 'text/csv'],
  ])('takes %s', async (_what, bytes, name, mimeType) => {
    expect(await recogniseFile(bytes, name)).toMatchObject({ mimeType });
  });

  it.each<[string, Buffer, string]>([
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'a.png'],
    ['SVG behind a declaration', text('<?xml version="1.0"?><svg/>'), 'a.txt'],
    ['HTML', text('\uFEFF \n<!DOCTYPE html><script>alert(1)</script>'), 'a.txt'],
    ['HTML behind a comment', text('<!-- x --><p>'), 'a.csv'],
    ['a shell script', text('#!/bin/sh\nrm -rf ~'), 'a.txt'],
    ['a script by its own word', text('alert(1)'), 'a.js'],
    ['a Windows program', Buffer.concat([text('MZ'), Buffer.alloc(200)]), 'a.jpg'],
    ['a Linux program', Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(200)]), 'a.pdf'],
    ['an installer in the container of old documents', withStream('!_StringPool'), 'a.doc'],
    ['an archive', Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(30)]), 'a.docx'],
    [
      'a picture whose metadata stays in',
      Buffer.concat([Buffer.from('00000018667479706865696300000000', 'hex'), text('mif1heic')]),
      'a.jpg',
    ],
    ['text in another character set', Buffer.from('Gr\xfc\xdfe', 'latin1'), 'a.txt'],
    ['text with a NUL', text('a\0b'), 'a.txt'],
  ])('refuses %s', async (_what, bytes, name) => {
    await expect(recogniseFile(bytes, name)).rejects.toMatchObject({
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: expect.stringMatching(/^[A-Z].*\. Please .*\.$/),
    });
  });
});
