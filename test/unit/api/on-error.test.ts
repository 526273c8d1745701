import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { z } from 'zod';
import { bodyFault, errorAnswer, renderErrors, toAppError } from '../../../src/api/on-error.js';
import { conflict } from '../../../src/errors.js';
import { loggerTo } from '../../support/loggers.js';

test('our own errors pass as they are', () => {
  const error = conflict('Taken.');
  expect(toAppError(error)).toBe(error);
  expect(errorAnswer(error)).toEqual({ success: false, error: { code: 'CONFLICT', message: 'Taken.' } });
});

test('what nobody expected becomes a 500 that tells nothing and keeps its cause for the log', () => {
  const cause = new TypeError('cannot read token=abc');
  for (const error of [cause, Object.assign(new Error('x'), { status: 404 }), 'a string', undefined]) {
    const shown = toAppError(error);
    expect(shown).toMatchObject({ status: 500, code: 'INTERNAL', reportable: true });
    expect(shown.message).not.toContain('abc');
  }
  expect(toAppError(cause).cause).toBe(cause);
  const answer = errorAnswer(toAppError(cause), 'r-1');
  expect(JSON.stringify(answer)).toContain('report number r-1');
});

test('errors that libraries mean for the client keep their status, not their words', () => {
  const thrown = Object.assign(new Error('/srv/app/dist/web/x.js'), { status: 404, expose: true });
  expect(toAppError(thrown)).toMatchObject({ status: 404, code: 'NOT_FOUND', reportable: false });
  expect(toAppError(thrown).message).not.toContain('/srv');
  expect(toAppError(Object.assign(new Error('x'), { status: 502, expose: true })).status).toBe(500);
});

test('a schema error lists fields', () => {
  const parsed = z.strictObject({ a: z.object({ b: z.number() }) }).safeParse({ a: { b: 'x' }, c: 1 });
  const error = toAppError(parsed.error);
  expect(error.status).toBe(400);
  expect(error.details.map((detail) => detail.field)).toEqual(['a.b', 'c']);
});

test('a store that does not answer is 503 with a time to wait', () => {
  const outage = new mongoose.mongo.MongoNetworkError('connection 5 to 10.0.0.7:27017 closed');
  const error = toAppError(outage);
  expect(error).toMatchObject({ status: 503, code: 'UNAVAILABLE', retryAfterSeconds: 2 });
  expect(error.message).not.toContain('10.0.0.7');
});

test.each([
  [{ status: 413 }, 413],
  [{ statusCode: 413 }, 413],
  [{ httpCode: 413 }, 413],
  [{ status: 415 }, 415],
  [{ status: 400, body: 'secret words' }, 400],
  [{}, 400],
])('a body parser that says %j means %d', (fields, status) => {
  const shown = bodyFault(Object.assign(new Error('near "secret words"'), fields));
  expect(shown.status).toBe(status);
  expect(JSON.stringify(errorAnswer(shown))).not.toContain('secret');
});

test.each([
  ['a connection that the client has cut', true, 'ECONNRESET', ['fault: CUT_OFF']],
  ['a connection of ours that broke', false, 'ECONNRESET', ['error: request failed']],
  ['a fault of ours while the client went away', true, 'ENOENT', ['error: request failed']],
])('%s is told as what it is', async (_what, destroyed, code, expected) => {
  const told: string[] = [];
  const logger = loggerTo((level, _category, message) => void told.push(`${level}: ${message}`));
  const faults = { note: (_side: string, fault: string) => void told.push(`fault: ${fault}`), stop: () => undefined };
  const ctx = { state: {}, req: { socket: { destroyed } }, method: 'GET', path: '/x', set: () => undefined };
  const fails = () => Promise.reject(Object.assign(new Error('the connection broke'), { code }));
  await renderErrors(logger, faults)(ctx as never, fails);
  expect(told).toEqual(expected);
});
