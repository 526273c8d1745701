import { describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { find } from '../../../../channels/messenger/find.js';
import type { OutboundPart } from '../../../../channels/types.js';
import { attachmentPart, contextFor, ENV, NOW, PAGE, PSID, textPart } from './support.js';
import { usePlatform } from './use-platform.js';

/** The platform's spelling of a time: whole seconds, no colon in the zone. */
const iso = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, '+0000');
const SINCE = NOW + 700;

interface Listed {
  id: string;
  created_time: string;
  from: { id: string };
  message?: string;
}

const listed = (id: string, message: string, changes: Partial<Listed> = {}): Listed => ({
  id,
  message,
  created_time: iso(NOW + 2_000),
  from: { id: PAGE },
  ...changes,
});

const busy = (count: number) => Array.from({ length: count }, (_, n) => listed(`m_busy_${n}`, 'something else'));

usePlatform();

function lookUp(part: OutboundPart, known: string[] = []) {
  return find(part, SINCE, (ids) => Promise.resolve(new Set(ids.filter((id) => known.includes(id)))), contextFor());
}

const NEWEST = 'messages.limit(20){id,created_time,from,message}';
const IDS = 'messages.limit(100){id,created_time}';

function answer(status: number, body: unknown, fields = NEWEST) {
  return nock(ENV.GRAPH_BASE_URL)
    .get(`/v25.0/${PAGE}/conversations`)
    .query(
      (query) =>
        query.platform === 'messenger' &&
        query.user_id === PSID &&
        query.fields === fields &&
        typeof query.appsecret_proof === 'string',
    )
    .reply(status, body as nock.Body);
}

const threadOf = (data: Partial<Listed>[], paging = {}) => ({ data: [{ id: 't_1', messages: { data, paging } }] });
const thread = (...messages: Listed[]) => answer(200, threadOf(messages));

describe('find', () => {
  it('finds the same text sent since then', async () => {
    thread(listed('m_other', 'something else'), listed('m_1', 'hello'));
    await expect(lookUp(textPart('hello'))).resolves.toEqual({ externalId: 'm_1', at: NOW + 2_000 });
  });

  it('counts the second in which the attempt began', async () => {
    thread(listed('m_1', 'hello', { created_time: iso(NOW) }));
    await expect(lookUp(textPart('hello'))).resolves.toEqual({ externalId: 'm_1', at: NOW });
  });

  it.each([
    ['was sent before', { created_time: iso(NOW - 1_000) }],
    ['is the contact’s', { from: { id: PSID } }],
    ['has a time that nobody can read', { created_time: 'yesterday' }],
  ])('passes over what %s', async (_name, changes) => {
    thread(listed('m_1', 'hello', changes));
    await expect(lookUp(textPart('hello'))).resolves.toBe('absent');
  });

  it('passes over ids of other messages and takes the oldest of the rest', async () => {
    thread(
      listed('m_3', 'ok', { created_time: iso(NOW + 3_000) }),
      listed('m_2', 'ok', { created_time: iso(NOW + 2_000) }),
      listed('m_1', 'ok', { created_time: iso(NOW + 1_000) }),
    );
    await expect(lookUp(textPart('ok'), ['m_1'])).resolves.toMatchObject({ externalId: 'm_2' });
  });

  it('knows a text again whose white space or composition was tidied', async () => {
    thread(listed('m_1', 'Größe „L“ ok'));
    await expect(lookUp(textPart('Gro\u0308ße  „L“\r\nok '))).resolves.toMatchObject({ externalId: 'm_1' });
  });

  it('takes a message without text for an attachment', async () => {
    const { message: _none, ...withoutText } = listed('m_2', '');
    thread(listed('m_1', 'a caption'), withoutText);
    await expect(lookUp(attachmentPart())).resolves.toMatchObject({ externalId: 'm_2' });
  });

  it('calls absent what is in none of the messages', async () => {
    thread(listed('m_1', 'something else'));
    await expect(lookUp(textPart('hello'))).resolves.toBe('absent');
  });

  it('asks for no more when the newest messages reach back far enough', async () => {
    thread(...busy(19), listed('m_old', 'before', { created_time: iso(NOW - 5_000) }));
    await expect(lookUp(textPart('hello'))).resolves.toBe('absent');
  });

  describe('in a thread whose newest 20 messages do not reach back', () => {
    const before = (n: number) => ({ id: `m_before_${n}`, created_time: iso(NOW + 1_000) });
    const old = { id: 'm_old', created_time: iso(NOW - 5_000) };
    const everyId = [...busy(20), ...[1, 2, 3].map(before)].map(({ id }) => id);

    it('finds it among those 20', async () => {
      thread(...busy(19), listed('m_1', 'hello'));
      await expect(lookUp(textPart('hello'))).resolves.toMatchObject({ externalId: 'm_1' });
    });

    it.each([
      ['as far back as it began', [1, 2, 3].map(before).concat(old), {}],
      ['the whole of a young thread', [1, 2, 3].map(before), {}],
    ])('calls it absent when every id belongs to another message, %s', async (_name, earlier, paging) => {
      thread(...busy(20));
      answer(200, threadOf([...busy(20), ...earlier], paging), IDS);
      await expect(lookUp(textPart('hello'), everyId)).resolves.toBe('absent');
    });

    const many = Array.from({ length: 80 }, (_, n) => before(n));
    it.each([
      ['an id belongs to no message', [before(1), before(4), old], {}],
      ['a message has no id', [before(1), { created_time: iso(NOW) }, old], {}],
      ['a message has a time that nobody can read', [before(1), { id: 'm_when' }, old], {}],
      ['100 ids do not reach back either', many, {}],
      ['the list of ids holds no more', [], {}],
      ['the list was cut short', [1, 2, 3].map(before), { next: 'https://graph.facebook.com/next' }],
    ])('cannot tell when %s', async (_name, earlier, paging) => {
      thread(...busy(20));
      answer(200, threadOf([...busy(20), ...earlier], paging), IDS);
      const known = [...everyId, ...(earlier === many ? many.map(({ id }) => id) : [])];
      await expect(lookUp(textPart('hello'), known)).resolves.toBe('unknown');
    });

    it('cannot tell when the ids are not to be had', async () => {
      thread(...busy(20));
      answer(400, { error: { code: 613 } }, IDS);
      await expect(lookUp(textPart('hello'), everyId)).resolves.toBe('unknown');
    });
  });

  it.each([
    ['no thread', { data: [] }],
    ['a thread without messages', { data: [{ id: 't_1' }] }],
    ['something else', { unheard: 'of' }],
  ])('cannot tell from %s', async (_name, body) => {
    answer(200, body);
    await expect(lookUp(textPart('hello'))).resolves.toBe('unknown');
  });

  it('cannot tell while the platform fails', async () => {
    answer(500, '<html>');
    await expect(lookUp(textPart('hello'))).resolves.toBe('unknown');
    answer(400, { error: { code: 190 } });
    await expect(lookUp(textPart('hello'))).resolves.toBe('unknown');
  });

  it('cannot look up somebody who is known by a plugin’s reference only', async () => {
    await expect(lookUp({ ...textPart('hello'), recipientId: 'user_ref:cart' })).resolves.toBe('unknown');
  });
});
