import { expect, test } from '@jest/globals';
import { judgeRefusal } from '../../../../../web/widget/client/refusal.js';

test.each(['VALIDATION_ERROR', 'FORBIDDEN', 'TOO_LARGE', 'NOT_FOUND'])('%s is final at once', (code) => {
  expect(judgeRefusal({ code }, 0)).toMatchObject({ kind: 'refused' });
});

test.each(['UNAVAILABLE', 'RATE_LIMITED'])('%s passes, however often it comes', (code) => {
  expect(judgeRefusal({ code }, 50)).toMatchObject({ kind: 'later' });
});

test('an unknown error is repeated a few times and then shown', () => {
  expect([0, 3, 4].map((attempt) => judgeRefusal({ code: 'SURPRISE' }, attempt).kind)).toEqual([
    'later',
    'later',
    'refused',
  ]);
});

test('every wait is longer than nothing, so that a fault is not answered with a storm', () => {
  for (let attempt = 0; attempt < 20; attempt++) {
    const outcome = judgeRefusal({ code: 'UNAVAILABLE' }, attempt);
    expect(outcome.kind === 'later' && outcome.waitMs).toBeGreaterThanOrEqual(500);
  }
});

test('the wait that the server asks for is kept exactly', () => {
  expect(judgeRefusal({ code: 'RATE_LIMITED', retryAfter: 42 }, 0)).toEqual({
    kind: 'later',
    waitMs: 42_000,
    asked: true,
  });
});
