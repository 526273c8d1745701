import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { authenticateVisitorToken } from '../../../src/commands/access/authenticate.js';
import { ContactModel } from '../../../src/models/index.js';
import { buildConversation } from '../../support/build.js';
import { TestApp, type Account } from './support.js';

let app: TestApp;
let admin: Account;
let key: string;
let token: string;
let contactId: string;

beforeAll(async () => {
  app = await TestApp.start();
  admin = await app.setUp();
  const made = await app.call('POST', '/api/inboxes', {
    token: admin.accessToken,
    body: { channel: 'web', name: 'Shop' },
  });
  ({ key } = (made.body.data as { inbox: { key: string } }).inbox);
});
afterAll(() => app?.stop());

/** Asks for the visitor's session with these attributes, as they stand in the body. */
const ask = (attributes: string) =>
  app.call('POST', '/api/widget/session', {
    body: `{"inboxKey":"${key}"${token === '' ? '' : `,"token":"${token}"`},"attributes":${attributes}}`,
    headers: { Origin: app.url, 'Content-Type': 'application/json' },
  });
const set = async (attributes: Record<string, string>): Promise<void> => {
  const answer = await ask(JSON.stringify(attributes));
  if (answer.status !== 200) throw new Error(answer.text);
};
const kept = async (): Promise<[string, string][]> => {
  const contact = await ContactModel.findById(contactId).lean();
  return (contact?.attributes ?? []).map(({ label, value }) => [label, value]);
};

beforeEach(async () => {
  await app.redis.flushall();
  token = '';
  const answer = await ask('{}');
  ({ token, contactId } = answer.body.data as { token: string; contactId: string });
  app.changes.length = 0;
});

describe('attributes of a visitor', () => {
  it('stand with the contact in the conversation, which the team is told of', async () => {
    const { actor } = await authenticateVisitorToken(app.hub, token);
    const thread = await buildConversation({ identity: new Types.ObjectId(actor.identityId) });
    await set({ Plan: 'gold', City: 'Wien' });
    const shown = await app.call('GET', `/api/conversations/${String(thread._id)}`, { token: admin.accessToken });
    expect(shown.body.data).toMatchObject({
      conversation: { version: 1, contact: { id: contactId, attributes: { Plan: 'gold', City: 'Wien' } } },
    });
    expect(app.changes).toMatchObject([{ type: 'conversation', conversation: { _id: thread._id, version: 1 } }]);
    await set({ Plan: 'gold' });
    expect(app.changes).toHaveLength(1);
  });

  it('lose what nobody sees, in names and values', async () => {
    await set({ 'Pl\u202Ean': 'go\u200Bld', '\u2066': 'unnamed' });
    expect(await kept()).toEqual([['Plan', 'gold']]);
  });

  it('replace those of the same name; the others stay', async () => {
    await set({ toString: 'a', Plan: 'free', City: 'Wien' });
    await set({ Plan: 'gold', Size: 'L' });
    expect(await kept()).toEqual([
      ['toString', 'a'],
      ['City', 'Wien'],
      ['Plan', 'gold'],
      ['Size', 'L'],
    ]);
  });

  it('come from several tabs at once and none is lost', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => set({ [name]: name })));
    expect((await kept()).map(([label]) => label).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are at most 40 with one contact: the newest', async () => {
    for (const letter of ['a', 'b', 'c'])
      await set(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${letter}${n}`, 'x'])));
    const labels = (await kept()).map(([label]) => label);
    expect(labels).toHaveLength(40);
    expect(labels.some((label) => label.startsWith('a'))).toBe(false);
  });

  it('may be as long as the limits', async () => {
    await set({ ['n'.repeat(40)]: 'v'.repeat(200), empty: '' });
    expect(await kept()).toHaveLength(2);
  });

  const LONG = 'n'.repeat(41);
  it.each<[string, string, string, string]>([
    ['no object', '"gold"', 'attributes', 'must be names with texts'],
    ['a list', '["gold"]', 'attributes', 'must be names with texts'],
    ['a number', '{"Plan":1}', 'attributes.Plan', 'must be a text of at most 200 characters'],
    ['nothing', '{"Plan":null}', 'attributes.Plan', 'must be a text of at most 200 characters'],
    ['an operator', '{"Plan":{"$gt":""}}', 'attributes.Plan', 'must be a text of at most 200 characters'],
    ['a long text', `{"Plan":"${'v'.repeat(201)}"}`, 'attributes.Plan', 'must be a text of at most 200 characters'],
    ['a long name', `{"${LONG}":"v"}`, `attributes.${LONG}`, 'a name has 1 to 40 characters'],
    ['an empty name', '{"":"v"}', 'attributes.', 'a name has 1 to 40 characters'],
    [
      'more than 20',
      JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`a${n}`, 'x']))),
      'attributes',
      'at most 20 at once',
    ],
  ])('that are %s are refused with the reason', async (_what, attributes, field, message) => {
    const answer = await ask(attributes);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field, message }] });
    expect(await kept()).toEqual([]);
  });

  it('cannot be smuggled past their names', async () => {
    expect((await ask('{"__proto__":{"Plan":"gold"}}')).status).toBe(400);
    expect(await kept()).toEqual([]);
  });
});
