import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { avatarPng } from '../../../embedded/sandbox/messenger/png.js';
import { proofOf } from '../../../embedded/sandbox/messenger/wire.js';
import { APP, Bench, PAGE, codes, type Json } from './support.js';
import { until } from '../../support/until.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const HOUR = 3_600_000;

describe('access', () => {
  test('is for callers who name the sandbox, and not for a page whose name was made to lead here', async () => {
    const status = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        get(`${bench.sandbox.url}/sandbox/api/state`, { headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        }).on('error', reject);
      });
    const { host, port } = new URL(bench.sandbox.url);
    expect(await status(`evil.example:${port}`)).toBe(421);
    expect(await status(host)).toBe(200);
  });

  test('needs a known token and its proof', async () => {
    expect(proofOf('EAAtestpagetoken', APP.appSecret)).toBe(
      '17321985b53dcec2fb783bfbed3410664802d54e288611a48d0c81b8ff305698',
    );
    const me = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${bench.sandbox.url}/v25.0/me?fields=id,name${query}`, { headers });
    expect(await (await me('', {})).json()).toMatchObject({ error: { code: 190, type: 'OAuthException' } });
    expect((await me('&access_token=wrong')).status).toBe(401);
    expect(await (await me(`&access_token=${PAGE.token}`)).json()).toMatchObject({ error: { code: 100 } });
    expect(await (await me(`&access_token=${PAGE.token}&appsecret_proof=00`)).json()).toMatchObject({
      error: { code: 100, fbtrace_id: expect.stringMatching(/^A[\w-]{22}$/) },
    });
    const proof = proofOf(PAGE.token, APP.appSecret);
    const page = await me(`&appsecret_proof=${proof}`, { Authorization: `Bearer ${PAGE.token}` });
    expect(await page.json()).toEqual({ id: PAGE.id, name: PAGE.name });
    await bench.script('/settings', { requireProof: false }, 'PUT');
    expect((await me(`&access_token=${PAGE.token}`)).status).toBe(200);
  });

  test('ends with an expired token and comes back with another one', async () => {
    await bench.script(`/pages/${PAGE.id}/token`, { fault: 463 });
    expect(codes(await bench.graph('me'))).toEqual([190, 463]);
    const debug = await bench.graph(`debug_token?input_token=${PAGE.token}&access_token=x`, undefined, {
      headers: { Authorization: `Bearer ${APP.appId}|${APP.appSecret}` },
    });
    expect(debug.body.data).toMatchObject({ is_valid: false, error: { code: 190, subcode: 463 } });
    await bench.script(`/pages/${PAGE.id}/token`, { token: 'EAAnew' });
    expect(codes(await bench.graph('me'))).toEqual([190, null]);
    const renewed = await bench.graph(`me?appsecret_proof=${proofOf('EAAnew', APP.appSecret)}`, undefined, {
      headers: { Authorization: 'Bearer EAAnew' },
    });
    expect(renewed.body.id).toBe(PAGE.id);
  });
});

describe('sending', () => {
  test('gives a message id, an echo with metadata, then a delivery', async () => {
    await bench.says('hello');
    const { status, body } = await bench.send('Yes, two are left.', {}, { metadata: 'inst:msg:1:a' });
    expect(status).toBe(200);
    expect(body).toEqual({ recipient_id: bench.person.id, message_id: expect.stringMatching(/^m_/) });
    await until(() => bench.receiver.eventsWith('delivery').length === 1);
    const [, echo] = bench.receiver.eventsWith('message');
    expect(echo?.message).toEqual({
      mid: body.message_id,
      is_echo: true,
      app_id: Number(APP.appId),
      metadata: 'inst:msg:1:a',
      text: 'Yes, two are left.',
    });
    const [delivery] = bench.receiver.eventsWith('delivery');
    expect(delivery?.delivery).toEqual({ mids: [body.message_id], watermark: echo?.timestamp });
    await bench.script(`/people/${bench.person.id}/read`, {});
    const read = await until(() => bench.receiver.eventsWith('read')[0]);
    expect(read.read).toEqual({ watermark: echo?.timestamp });
  });

  test('receipts can be switched off, or read without a hand', async () => {
    await bench.says('hello');
    await bench.script('/settings', { delivery: 'off', read: 'auto', receiptDelayMs: 5 }, 'PUT');
    await bench.send('seen at once');
    await until(() => bench.receiver.eventsWith('read').length === 1);
    expect(bench.receiver.eventsWith('delivery')).toHaveLength(0);
  });

  test.each<[string, Json, [number, number | null]]>([
    ['no recipient', { recipient: undefined }, [100, null]],
    ['somebody unknown', { recipient: { id: '1000000000000001' } }, [100, 2018001]],
    ['no messaging type', { messaging_type: undefined }, [100, null]],
    ['a retired tag', { messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE' }, [100, null]],
    ['a tag type without a tag', { messaging_type: 'MESSAGE_TAG' }, [100, null]],
    ['no message', { message: undefined }, [100, null]],
    ['an empty text', { message: { text: '  ' } }, [100, null]],
    ['a text of 2001', { message: { text: 'x'.repeat(2001) } }, [100, null]],
    ['text and attachment', { message: { text: 'x', attachment: { type: 'image', payload: {} } } }, [100, null]],
    ['an attachment from nowhere', { message: { attachment: { type: 'image', payload: {} } } }, [100, null]],
    ['an unknown upload', { message: { attachment: { type: 'image', payload: { attachment_id: '1' } } } }, [100, null]],
    [
      'a file that cannot be fetched',
      { message: { attachment: { type: 'image', payload: { url: 'http://127.0.0.1:9/x.png' } } } },
      [100, 2018008],
    ],
    ['an action with a message', { sender_action: 'typing_on' }, [100, null]],
    ['an unknown action', { message: undefined, sender_action: 'dance' }, [100, null]],
    [
      '14 quick replies',
      { message: { text: 'x', quick_replies: Array(14).fill({ content_type: 'text' }) } },
      [100, null],
    ],
  ])('is refused with %s', async (_what, change, expected) => {
    await bench.says('hello');
    const answer = await bench.send('x', change);
    expect(answer.status).toBe(400);
    expect(codes(answer)).toEqual(expected);
    expect(await bench.thread()).toHaveLength(1);
  });

  test('accepts 2000 characters', async () => {
    await bench.says('hello');
    expect((await bench.send('x'.repeat(2000))).status).toBe(200);
  });

  test("obeys the reply window by the person's last act", async () => {
    expect(codes(await bench.send('you have not written'))).toEqual([10, 2018278]);
    await bench.says('hello');
    const human = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' };
    await bench.script(`/people/${bench.person.id}/clock`, { hours: 24 });
    expect(codes(await bench.send('too late'))).toEqual([10, 2018278]);
    expect((await bench.send('by hand', human)).status).toBe(200);
    await bench.script(`/people/${bench.person.id}/clock`, { hours: 144 });
    expect(codes(await bench.send('far too late', human))).toEqual([10, 2018278]);
    await bench.says('me again');
    expect((await bench.send('welcome back')).status).toBe(200);
    const sent = (await bench.thread()).filter(({ direction }) => direction === 'out');
    expect(sent.map(({ sentAs }) => sentAs)).toEqual(['MESSAGE_TAG/HUMAN_AGENT', 'RESPONSE']);
  });

  test('sender actions show on the phone and make no message', async () => {
    await bench.says('hello');
    const act = (sender_action: string) => bench.send('', { message: undefined, sender_action });
    expect((await act('typing_on')).body).toEqual({ recipient_id: bench.person.id });
    const ledger = async () => (await bench.script(`/ledger?person=${bench.person.id}`)).body as { typing: Json };
    expect((await ledger()).typing.page).toBeGreaterThan(Date.now());
    await act('mark_seen');
    await act('typing_off');
    expect((await ledger()).typing.page).toBeNull();
    const { body } = await bench.script(`/people/${bench.person.id}`);
    expect(body.seenByPageAt).toBeGreaterThan(Date.now() - HOUR);
    expect(body.messages).toBe(1);
  });
});

describe('files', () => {
  const png = avatarPng('1');

  test('by URL are really fetched, and kept when reusable', async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/a.png' ? 200 : 404;
      response.end(request.url === '/a.png' ? png : 'nothing');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await bench.says('hello');
    const image = (payload: Json, type = 'image') => bench.send('', { message: { attachment: { type, payload } } });
    const sent = await image({ url: `${base}/a.png`, is_reusable: true });
    expect(sent.body.attachment_id).toMatch(/^\d+$/);
    expect(codes(await image({ url: `${base}/missing.png` }))).toEqual([100, 2018008]);
    expect(codes(await image({ url: `${base}/a.png` }, 'audio'))).toEqual([100, 2018047]);
    server.close();
    server.closeAllConnections();

    expect((await image({ attachment_id: sent.body.attachment_id })).status).toBe(200);
    const shown = (await bench.thread()).at(-1)?.attachments[0];
    const bytes = await (await fetch(`${bench.sandbox.url}${String(shown?.payload?.url)}`)).arrayBuffer();
    expect(Buffer.from(bytes)).toEqual(png);
  });

  test('as a form part are sent or uploaded', async () => {
    await bench.says('hello');
    const url = `${bench.sandbox.url}/v25.0/${PAGE.id}`;
    const query = `appsecret_proof=${proofOf(PAGE.token, APP.appSecret)}`;
    const post = async (edge: string, fields: Json): Promise<Json> => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, JSON.stringify(value));
      form.append('messaging_type', 'RESPONSE');
      form.append('filedata', new Blob(['order 5512\n'], { type: 'text/plain' }), 'order.txt');
      const headers = { Authorization: `Bearer ${PAGE.token}` };
      return (await fetch(`${url}/${edge}?${query}`, { method: 'POST', headers, body: form })).json() as Promise<Json>;
    };
    const message = { attachment: { type: 'file', payload: { is_reusable: true } } };
    const sent = await post('messages', { recipient: { id: bench.person.id }, message });
    expect(sent).toMatchObject({ message_id: expect.stringMatching(/^m_/), attachment_id: expect.any(String) });
    expect((await bench.thread()).at(-1)?.attachments[0]?.file).toMatchObject({ name: 'order.txt', size: 11 });
    const uploaded = await post('message_attachments', { message });
    expect(uploaded).toEqual({ attachment_id: expect.stringMatching(/^\d+$/) });
    const [call] = (await bench.script('/calls?kind=upload')).body as unknown as { request: Json }[];
    expect(call?.request.filedata).toEqual({ name: 'order.txt', size: 11 });
    expect(JSON.stringify((await bench.script('/calls')).body)).not.toContain(PAGE.token);
  });

  test('templates and quick replies come back on the phone', async () => {
    await bench.says('hello');
    const payload = {
      template_type: 'button',
      text: 'How can we help?',
      buttons: [{ type: 'postback', title: 'Track order', payload: 'TRACK' }],
    };
    await bench.send('', { message: { attachment: { type: 'template', payload } } });
    await bench.send('Pick one', {}, { quick_replies: [{ content_type: 'text', title: 'Delivery', payload: 'D' }] });
    const thread = await bench.thread();
    expect(thread[1]?.attachments[0]?.payload).toEqual(payload);
    expect(thread[2]?.quickReplies).toEqual([{ content_type: 'text', title: 'Delivery', payload: 'D' }]);
    const broken = { template_type: 'button', text: 'x', buttons: [] };
    expect(codes(await bench.send('', { message: { attachment: { type: 'template', payload: broken } } }))).toEqual([
      100,
      null,
    ]);
  });
});

describe('looking things up', () => {
  test("conversations: the newest messages of one person in the look-up's shape", async () => {
    await bench.says('hello');
    const { body } = await bench.send('answer');
    const fields = 'messages.limit(20){id,created_time,from,message}';
    const found = await bench.graph(
      `${PAGE.id}/conversations?platform=messenger&user_id=${bench.person.id}&fields=${encodeURIComponent(fields)}`,
    );
    const [conversation] = found.body.data as { messages: { data: Json[] } }[];
    expect(conversation?.messages.data).toHaveLength(2);
    expect(conversation?.messages.data[0]).toEqual({
      id: body.message_id,
      created_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
      from: { id: PAGE.id, name: PAGE.name, email: `${PAGE.id}@facebook.com` },
      message: 'answer',
    });
    expect(conversation?.messages.data[1]).toMatchObject({ message: 'hello', from: { id: bench.person.id } });
    const limited = await bench.graph(
      `${PAGE.id}/conversations?user_id=${bench.person.id}&fields=messages.limit(1)%7Bmessage%7D`,
    );
    expect(limited.body.data).toEqual([expect.objectContaining({ messages: { data: [{ message: 'answer' }] } })]);
    expect(codes(await bench.graph(`${PAGE.id}/conversations?fields=secrets`))).toEqual([100, null]);
    expect(codes(await bench.graph(`${PAGE.id}/conversations?fields=messages{`))).toEqual([100, null]);
  });

  test('profile: known once the person has written', async () => {
    expect(codes(await bench.graph(bench.person.id))).toEqual([100, 2018218]);
    await bench.says('hello');
    const { body } = await bench.graph(`${bench.person.id}?fields=first_name,last_name,profile_pic`);
    expect(body).toMatchObject({ first_name: 'Lena', last_name: 'Example', id: bench.person.id });
    const picture = await fetch(String(body.profile_pic));
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(codes(await bench.graph('123456789'))).toEqual([100, 33]);
  });

  test('subscription, Messenger Profile, thread owner, token', async () => {
    const { id } = PAGE;
    await bench.graph(`${id}/subscribed_apps`, { subscribed_fields: ['messages'] });
    const subscribed = await bench.graph(`${id}/subscribed_apps`);
    expect(subscribed.body.data).toMatchObject([{ id: APP.appId, subscribed_fields: ['messages'] }]);
    expect(codes(await bench.graph(`${id}/subscribed_apps`, { subscribed_fields: 'nonsense' }))).toEqual([100, null]);
    await bench.graph(`${id}/subscribed_apps`, undefined, { method: 'DELETE' });
    expect((await bench.graph(`${id}/subscribed_apps`)).body.data).toEqual([]);

    const settings = { get_started: { payload: 'GET_STARTED' }, greeting: [{ locale: 'default', text: 'Hi' }] };
    expect((await bench.graph('me/messenger_profile', settings)).body).toEqual({ result: 'success' });
    await bench.graph('me/messenger_profile', { fields: ['greeting'] }, { method: 'DELETE' });
    expect((await bench.graph('me/messenger_profile?fields=get_started,greeting')).body).toEqual({
      data: [{ get_started: { payload: 'GET_STARTED' } }],
    });

    const recipient = { id: bench.person.id };
    const owner = async () =>
      ((await bench.graph(`${id}/thread_owner?recipient=${recipient.id}`)).body.data as Json[])[0]?.thread_owner;
    expect(await owner()).toMatchObject({ app_id: APP.appId });
    await bench.graph(`${id}/pass_thread_control`, { recipient, target_app_id: 263902037430900, metadata: 'x' });
    expect(await owner()).toMatchObject({ app_id: '263902037430900' });
    await bench.graph(`${id}/take_thread_control`, { recipient });
    expect(await owner()).toMatchObject({ app_id: APP.appId });

    const debug = await bench.graph(`debug_token?input_token=${PAGE.token}`);
    expect(debug.body.data).toMatchObject({ is_valid: true, app_id: APP.appId, profile_id: id });
    expect(codes(await bench.graph(`${id}/nonsense`))).toEqual([100, null]);
    expect(codes(await bench.graph('118340925567731/messages', {}))).toEqual([100, 33]);
  });
});
