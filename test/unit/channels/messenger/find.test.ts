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

usePlatform();

function lookUp(part: OutboundPart, known: string[] = []) {
  return find(part, SINCE, (id) => Promise.resolve(known.includes(id)), contextFor());
}

function answer(status: number, body: unknown) {
  return nock(ENV.GRAPH_BASE_URL)
    .get(`/v25.0/${PAGE}/conversations`)
    .query(
      (query) =>
        query.platform === 'messenger' &&
        query.user_id === PSID &&
        query.fields === 'messages.limit(20){id,created_time,from,message}' &&
        typeof query.appsecret_proof === 'string',
    )
    .reply(status, body as nock.Body);
}

const thread = (...messages: Listed[]) => answer(200, { data: [{ id: 't_1', messages: { data: messages } }] });

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

  it('cannot tell when the list does not reach back far enough', async () => {
    const newest = Array.from({ length: 20 }, (_, n) => listed(`m_${n}`, 'something else'));
    thread(...newest);
    await expect(lookUp(textPart('hello'))).resolves.toBe('unknown');
    thread(...newest.slice(1), listed('m_old', 'before', { created_time: iso(NOW - 5_000) }));
    await expect(lookUp(textPart('hello'))).resolves.toBe('absent');
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
