import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { formatMetadata, isOwnAttempt, parseMetadata } from '../../../../src/commands/outbound/metadata.js';

const { ObjectId } = mongoose.Types;
const MARK = { message: new ObjectId(), n: 1, attemptId: 'third' };

describe('metadata', () => {
  it('says which attempt of which part it is', () => {
    const metadata = formatMetadata('install', MARK);
    expect(metadata).toBe(`install:${String(MARK.message)}:1:third`);
    expect(parseMetadata(metadata, 'install')).toEqual(MARK);
  });

  const message = String(MARK.message);
  it.each([
    ['there is none', null],
    ['it is another installation’s', `other:${message}:1:third`],
    ['it names no message', 'install:order-7:1:third'],
    ['it names no part', `install:${message}:one:third`],
    ['it names no attempt', `install:${message}:1`],
    ['something follows', `install:${message}:1:third:more`],
  ])('means nothing when %s', (_name, metadata) => {
    expect(parseMetadata(metadata, 'install')).toBeNull();
  });
});

describe('an attempt that an echo names', () => {
  const message = {
    inbox: new ObjectId(),
    parts: [
      { n: 0, attemptId: 'other part’s' },
      { n: 1, attemptId: 'third', earlierAttempts: ['first', 'second'] },
      { n: 2, attemptId: null },
    ],
  };
  const seen = { inbox: message.inbox, contactId: 'psid' };
  const isOwn = (changes: { mark?: Partial<typeof MARK>; seen?: Partial<typeof seen>; sentTo?: string | null }) =>
    isOwnAttempt(message, changes.sentTo ?? 'psid', { ...MARK, ...changes.mark }, { ...seen, ...changes.seen });

  it.each(['first', 'second', 'third'])('is ours when its part made it: %s', (attemptId) => {
    expect(isOwn({ mark: { attemptId } })).toBe(true);
  });

  it.each([
    ['nobody made it', { mark: { attemptId: 'fourth' } }],
    ['it is empty', { mark: { attemptId: '' } }],
    ['another part made it', { mark: { attemptId: 'other part’s' } }],
    ['its part made none yet', { mark: { n: 2, attemptId: '' } }],
    ['there is no such part', { mark: { n: 3 } }],
    ['it comes from another inbox', { seen: { inbox: new ObjectId() } }],
    ['it is about another contact', { seen: { contactId: 'somebody else' } }],
  ])('is not ours when %s', (_name, changes) => {
    expect(isOwn(changes)).toBe(false);
  });

  it('is not ours when neither side names a contact', () => {
    expect(isOwnAttempt(message, null, MARK, { ...seen, contactId: null })).toBe(false);
  });
});
