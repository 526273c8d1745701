import { expect, it } from '@jest/globals';
import { pageOfEvents, pageOfThread, pageOfView } from '../../../src/reads/pages.js';

const ID = 'a'.repeat(24);
const cursorOf = (text: string): string => Buffer.from(text).toString('base64url');

it.each([
  ['of another making', '%%%'],
  ['without a key', cursorOf('1781515800118 ')],
  ['with a key that is no id', cursorOf('1781515800118 x')],
])('refuses a cursor %s before it asks the store', async (_name, cursor) => {
  const refused = { status: 400, code: 'VALIDATION_ERROR' };
  await expect(pageOfView({}, cursor, 10)).rejects.toMatchObject(refused);
  await expect(pageOfEvents('parked', cursor, 10)).rejects.toMatchObject(refused);
});

it('refuses a mangled cursor of a thread', async () => {
  await expect(pageOfThread(ID, 'mangled', 10)).rejects.toMatchObject({ status: 400 });
});
