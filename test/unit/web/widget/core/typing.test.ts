import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { TYPING, TypingSignal } from '../../../../../web/widget/core/typing.js';

let told: boolean[];
let signal: TypingSignal;

beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  signal = new TypingSignal((isTyping) => told.push(isTyping));
});
afterEach(() => void jest.useRealTimers());

test('many key strokes make few signals', () => {
  for (let n = 0; n < 20; n++) {
    signal.changed('hello');
    jest.advanceTimersByTime(100);
  }
  expect(told).toEqual([true]);
  jest.advanceTimersByTime(TYPING.repeatEvery - 2_000);
  signal.changed('hello again');
  expect(told).toEqual([true, true]);
});

test('a pause ends it, once', () => {
  signal.changed('hello');
  jest.advanceTimersByTime(TYPING.stopAfter);
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual([true, false]);
});

test('an emptied field and sending end it at once', () => {
  signal.changed('hello');
  signal.changed('  ');
  expect(told).toEqual([true, false]);
  signal.changed('again');
  signal.stop();
  expect(told).toEqual([true, false, true, false]);
});

test('nothing is taken back that was not said', () => {
  signal.stop();
  signal.changed('');
  expect(told).toEqual([]);
});
