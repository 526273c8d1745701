import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createClientFaults } from '../../../src/logging/client-faults.js';
import { loggerTo } from '../../support/loggers.js';

const MINUTE = 60_000;

let told: unknown[][];
const logger = loggerTo((...line) => void told.push(line));

beforeEach(() => {
  told = [];
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('each fault of a client is a debug line, and those of a minute are one line more', () => {
  const faults = createClientFaults(logger);
  for (const code of ['CUT_OFF', 'NOT_FOUND', 'CUT_OFF']) faults.note('http', code, { path: '/x' });
  faults.note('sockets', 'UNKNOWN_EVENT', { event: '7' });
  expect(told).toEqual([
    ['debug', 'http', 'refused', { path: '/x', code: 'CUT_OFF' }],
    ['debug', 'http', 'refused', { path: '/x', code: 'NOT_FOUND' }],
    ['debug', 'http', 'refused', { path: '/x', code: 'CUT_OFF' }],
    ['debug', 'sockets', 'refused', { event: '7', code: 'UNKNOWN_EVENT' }],
  ]);
  told.length = 0;
  jest.advanceTimersByTime(3 * MINUTE);
  expect(told).toEqual([
    ['info', 'http', 'faults of clients', { counts: { CUT_OFF: 2, NOT_FOUND: 1 } }],
    ['info', 'sockets', 'faults of clients', { counts: { UNKNOWN_EVENT: 1 } }],
  ]);
  faults.stop();
});

test('what was counted last is told at the end', () => {
  const faults = createClientFaults(logger);
  faults.note('http', 'CUT_OFF', {});
  told.length = 0;
  faults.stop();
  expect(told).toEqual([['info', 'http', 'faults of clients', { counts: { CUT_OFF: 1 } }]]);
  jest.advanceTimersByTime(2 * MINUTE);
  expect(told).toHaveLength(1);
});
