import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { cutOut, parseRange } from '../../../../src/api/files/byte-range.js';

describe('the range of a request', () => {
  it.each([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=2-', { first: 2, last: 9 }],
    ['bytes=2-99', { first: 2, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-99', { first: 0, last: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', null],
    ['bytes=0-1,4-5', null],
    ['bytes=-', null],
    ['lines=1-2', null],
    ['', null],
  ])('%j of ten bytes is %j', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });
});

describe('cutting a range out of a stream', () => {
  const source = (): Readable => Readable.from(['abc', 'def', 'ghi', 'j'].map((part) => Buffer.from(part)));

  it.each([
    [0, 9, 'abcdefghij'],
    [1, 1, 'b'],
    [2, 3, 'cd'],
    [3, 5, 'def'],
    [4, 9, 'efghij'],
  ])('%i to %i', async (first, last, expected) => {
    expect(await text(cutOut(source(), { first, last }))).toBe(expected);
  });

  it('closes the source when its reader leaves', async () => {
    const open = source();
    const cut = cutOut(open, { first: 0, last: 9 });
    cut.destroy();
    if (!open.closed) await once(open, 'close');
    expect(open.destroyed).toBe(true);
  });
});
