import { afterEach, describe, expect, test } from '@jest/globals';
import type { Webhook } from '../../../embedded/sandbox/messenger/types.js';
import { signBody, signedRequest, toWireForm } from '../../../embedded/sandbox/messenger/wire.js';
import { APP, Bench, PAGE, startReceiver, type Json } from './support.js';
import { until } from '../../support/until.js';

let bench: Bench;
afterEach(() => bench.stop());

const texts = (): unknown[] => bench.receiver.eventsWith('message').map(({ message }) => (message as Json).text);

describe('wire form', () => {
  test('is what Meta signs: escapes and signature of its published form', async () => {
    bench = await Bench.start();
    const text = 'Grüß Gott! Größe „L“ für 50 % Rabatt? 🚲 <b>ok</b> http://a.example/b';
    const form = toWireForm({ text });
    expect(form).toBe(
      String.raw`{"text":"Gr\u00fc\u00df Gott! Gr\u00f6\u00dfe \u201eL\u201c f\u00fcr 50 % Rabatt? \ud83d\udeb2 \u003Cb\u003Eok\u003C\/b\u003E http:\/\/a.example\/b"}`,
    );
    expect(JSON.parse(form)).toEqual({ text });
    expect(signBody('{}', 'key')).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(signedRequest({ a: 1 }, 'key').split('.')[1]).toBe(Buffer.from('{"a":1}').toString('base64url'));
  });

  test('arrives signed over the raw body, in ASCII', async () => {
    bench = await Bench.start();
    await bench.says('Grüße 🚲 a/b');
    const hook = await until(() => bench.receiver.received[0]);
    expect(hook.genuine).toBe(true);
    expect(hook.contentType).toBe('application/json');
    expect(hook.raw).toMatch(/^[\x20-\x7e]+$/);
    expect(hook.raw).toContain(String.raw`Gr\u00fc\u00dfe \ud83d\udeb2 a\/b`);
    expect(hook.body.object).toBe('page');
    expect(hook.body.entry[0]?.id).toBe(PAGE.id);
    expect(bench.receiver.events()[0]).toMatchObject({
      sender: { id: bench.person.id },
      recipient: { id: PAGE.id },
      message: { mid: expect.stringMatching(/^m_[\w-]{86}$/), text: 'Grüße 🚲 a/b' },
    });
  });
});

describe('set-up request', () => {
  test('comes first, is repeated until the challenge comes back, and nothing is posted before', async () => {
    const refusing = await startReceiver('another token');
    bench = await Bench.start({}, refusing);
    await bench.says('too early');
    await until(() => refusing.challenges > 2);
    expect(refusing.received).toHaveLength(0);
    const { webhook } = (await bench.script('/state')).body as { webhook: Json };
    expect(webhook).toMatchObject({ verifiedAt: null, lastVerification: 403, queued: 1 });
  });
});

describe('delivery', () => {
  test('is retried until 200, with later messages of the person behind it', async () => {
    bench = await Bench.start();
    bench.receiver.answers.push(500, 503, 201);
    await bench.says('one');
    await bench.says('two');
    await until(() => texts().length === 5);
    expect(texts()).toEqual(['one', 'one', 'one', 'one', 'two']);
    const hooks = await until(async () => {
      const list = (await bench.script('/webhooks')).body as unknown as Webhook[];
      return list.every(({ state }) => state === 'delivered') ? list : null;
    });
    expect(hooks.map(({ tries }) => tries)).toEqual([4, 1]);
    expect(hooks[0]?.deliveries).toBe(1);
  });

  test('of one person does not wait for another', async () => {
    bench = await Bench.start();
    const other = (await bench.script('/people', { firstName: 'Otto' })).body;
    await bench.rule({ kind: 'webhook', match: { personId: bench.person.id }, mode: { type: 'delay', ms: 60_000 } });
    await bench.says('slow');
    await bench.script(`/people/${String(other.id)}/messages`, { text: 'quick' });
    await until(() => texts().includes('quick'));
    expect(texts()).toEqual(['quick']);
  });

  test('packs waiting events of a person into one body when batches are on', async () => {
    bench = await Bench.start();
    await bench.script('/settings', { batch: 3 }, 'PUT');
    bench.receiver.answers.push(500);
    for (const text of ['a', 'b', 'c', 'd']) await bench.says(text);
    await until(() => texts().filter((text) => text === 'd').length === 1);
    const sizes = bench.receiver.received.map(({ body }) => body.entry[0]?.messaging?.length ?? 0);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
    expect([...new Set(texts())]).toEqual(['a', 'b', 'c', 'd']);
  });

  test('stops for fields the Page is not subscribed to', async () => {
    bench = await Bench.start();
    await bench.graph(`${PAGE.id}/subscribed_apps`, { subscribed_fields: 'messages,message_echoes' });
    await bench.says('hello');
    await bench.script(`/people/${bench.person.id}/referrals`, { ref: 'flyer' });
    await bench.says('again');
    await until(() => texts().length === 2);
    expect(bench.receiver.eventsWith('referral')).toHaveLength(0);
    const unsubscribed = (await bench.script('/webhooks?state=unsubscribed')).body as unknown as Webhook[];
    expect(unsubscribed.map(({ field }) => field)).toEqual(['messaging_referrals']);
  });
});

describe('misbehaviour on the way to the hub', () => {
  test('duplicate: the same event again, later', async () => {
    bench = await Bench.start();
    await bench.rule({ kind: 'webhook', mode: { type: 'duplicate', copies: 2 } });
    await bench.says('thrice');
    await bench.says('once');
    await until(() => texts().length === 4);
    expect(texts()).toEqual(['thrice', 'thrice', 'thrice', 'once']);
    const mids = bench.receiver.eventsWith('message').map(({ message }) => (message as Json).mid);
    expect(new Set(mids).size).toBe(2);
  });

  test('reorder: the next event overtakes, and a lonely one comes all the same', async () => {
    bench = await Bench.start();
    await bench.rule({ kind: 'webhook', match: { text: 'first' }, mode: { type: 'reorder' } });
    await bench.says('first');
    await bench.says('second');
    await until(() => texts().length === 2);
    expect(texts()).toEqual(['second', 'first']);
    await bench.rule({ kind: 'webhook', mode: { type: 'reorder' } });
    await bench.says('lonely');
    await until(() => texts().length === 3);
  });

  test('delay keeps the order, drop never comes', async () => {
    bench = await Bench.start();
    await bench.rule({ kind: 'webhook', match: { text: 'late' }, mode: { type: 'delay', ms: 150 } });
    await bench.rule({ kind: 'webhook', match: { text: 'lost' }, mode: { type: 'drop' } });
    const before = Date.now();
    await bench.says('late');
    await bench.says('lost');
    await bench.says('kept');
    await until(() => texts().includes('kept'));
    expect(Date.now() - before).toBeGreaterThanOrEqual(150);
    expect(texts()).toEqual(['late', 'kept']);
    const dropped = (await bench.script('/webhooks?state=dropped')).body as unknown as Webhook[];
    expect(dropped).toHaveLength(1);
    expect((await bench.script('/rules')).body).toEqual([]);
  });

  test('raw posts carry any bytes with a good, a bad or no signature', async () => {
    bench = await Bench.start();
    for (const signature of ['valid', 'invalid', 'none']) {
      const { body } = await bench.script('/webhooks/raw', { body: '{"object":"page","entry":[]}', signature });
      expect(body.status).toBe(200);
    }
    expect(bench.receiver.received.map(({ genuine }) => genuine)).toEqual([true, false, false]);
  });
});

describe('events of people and of the Page', () => {
  test('each act becomes the event the platform would send', async () => {
    bench = await Bench.start();
    const { id } = bench.person;
    const { mid } = await bench.says('helo');
    const act = (name: string, body: unknown) => bench.script(`/people/${id}/${name}`, body);
    await act('edits', { mid, text: 'hello' });
    await act('reactions', { mid, reaction: 'love' });
    await act('reactions', { mid, reaction: null });
    await act('postbacks', { title: 'Track order', payload: 'TRACK' });
    await act('referrals', { ref: 'flyer' });
    await act('unsends', { mid });
    await act('messages', { text: 'Delivery', quickReply: { payload: 'SHIP' }, replyTo: mid });
    await act('messages', { attachments: [{ type: 'location', lat: 48.2, long: 16.4 }, { type: 'sticker' }] });
    await act('events', { event: { optin: { type: 'notification_messages', payload: 'TOPIC' } } });
    await bench.script(`/pages/${PAGE.id}/events`, { event: { policy_enforcement: { action: 'warning' } } });
    await until(() => bench.receiver.events().length === 11);

    const [edit] = bench.receiver.eventsWith('message_edit');
    expect(edit?.message_edit).toEqual({ mid, text: 'hello', num_edit: 1 });
    expect(bench.receiver.eventsWith('reaction').map(({ reaction }) => reaction)).toEqual([
      { reaction: 'love', emoji: '❤️', action: 'react', mid },
      { reaction: 'love', emoji: '❤️', action: 'unreact', mid },
    ]);
    expect(bench.receiver.eventsWith('postback')[0]?.postback).toMatchObject({
      title: 'Track order',
      payload: 'TRACK',
    });
    expect(bench.receiver.eventsWith('referral')[0]?.referral).toEqual({
      ref: 'flyer',
      source: 'SHORTLINK',
      type: 'OPEN_THREAD',
    });
    const messages = bench.receiver.eventsWith('message').map(({ message }) => message as Json);
    expect(messages[1]).toEqual({ mid, is_deleted: true });
    expect(messages[2]).toMatchObject({ quick_reply: { payload: 'SHIP' }, reply_to: { mid } });
    expect(messages[3]?.attachments).toEqual([
      expect.objectContaining({ type: 'location', payload: { coordinates: { lat: 48.2, long: 16.4 } } }),
      { type: 'sticker', payload: { url: expect.stringContaining(bench.sandbox.url), sticker_id: 4417820936651207 } },
    ]);
    expect(bench.receiver.eventsWith('optin')).toHaveLength(1);
    expect(bench.receiver.eventsWith('policy_enforcement')[0]).not.toHaveProperty('sender');
  });

  test('files of a person are served to the hub under the URL of the event', async () => {
    bench = await Bench.start();
    const bytes = Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n');
    await bench.script(`/people/${bench.person.id}/messages`, {
      attachments: [{ name: 'invoice 1.pdf', base64: bytes.toString('base64') }],
    });
    const message = (await until(() => bench.receiver.eventsWith('message')[0])).message as { attachments: Json[] };
    expect(message.attachments[0]?.type).toBe('file');
    const { url } = message.attachments[0]?.payload as { url: string };
    const file = await fetch(url);
    expect(file.headers.get('content-type')).toBe('application/pdf');
    expect(file.headers.get('content-disposition')).toContain('attachment');
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
  });

  test('a thread that another app holds arrives in standby, without payloads', async () => {
    bench = await Bench.start();
    const act = (name: string, body: unknown) => bench.script(`/people/${bench.person.id}/${name}`, body);
    await act('thread-control', { action: 'take', metadata: 'taken in inbox' });
    await bench.says('anyone?');
    await act('postbacks', { title: 'Talk to us', payload: 'HUMAN' });
    await act('thread-control', { action: 'pass', metadata: 'yours' });
    await bench.says('back');
    await until(() => texts().includes('back'));
    const entries = bench.receiver.received.map(({ body }) => body.entry[0]);
    expect(entries.map((entry) => (entry?.standby === undefined ? 'messaging' : 'standby'))).toEqual([
      'messaging',
      'standby',
      'standby',
      'messaging',
      'messaging',
    ]);
    expect(entries[0]?.messaging?.[0]?.take_thread_control).toEqual({
      previous_owner_app_id: null,
      new_owner_app_id: '263902037430900',
      metadata: 'taken in inbox',
    });
    expect(entries[2]?.standby?.[0]?.postback).not.toHaveProperty('payload');
    expect(entries[3]?.messaging?.[0]?.pass_thread_control).toMatchObject({ new_owner_app_id: APP.appId });
  });

  test('a reply from the Page inbox is an echo of another app', async () => {
    bench = await Bench.start();
    await bench.script(`/people/${bench.person.id}/inbox-replies`, { text: 'This is Mara.' });
    const echo = await until(() => bench.receiver.eventsWith('message')[0]);
    expect(echo).toMatchObject({
      sender: { id: PAGE.id },
      recipient: { id: bench.person.id },
      message: { is_echo: true, app_id: 263902037430900, text: 'This is Mara.' },
    });
  });

  test('acts that the platform refuses are refused', async () => {
    bench = await Bench.start();
    const { mid } = await bench.says('x');
    const act = async (name: string, body: unknown) =>
      (await bench.script(`/people/${bench.person.id}/${name}`, body)).status;
    for (let edits = 0; edits < 5; edits += 1) expect(await act('edits', { mid, text: `x${edits}` })).toBe(200);
    expect(await act('edits', { mid, text: 'one too many' })).toBe(409);
    expect(await act('unsends', { mid: 'm_unknown' })).toBe(404);
    expect(await act('messages', { texd: 'misspelt' })).toBe(400);
    expect((await bench.script('/people/999999/messages', { text: 'nobody' })).status).toBe(404);
    const form = await fetch(`${bench.sandbox.url}/sandbox/api/reset`, { method: 'POST', body: '{}' });
    expect(form.status).toBe(415);
  });
});
