import { describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { send, signal } from '../../../../channels/messenger/send.js';
import type { OutboundPart } from '../../../../channels/types.js';
import { attachmentPart, contextFor, ENV, graph, NOW, PAGE, PSID, textPart, TOKEN } from './support.js';
import { usePlatform } from './use-platform.js';

const PROOF = '17321985b53dcec2fb783bfbed3410664802d54e288611a48d0c81b8ff305698';
const PATH = `/v25.0/${PAGE}/messages`;
const ACCEPTED = graph('text.response');

usePlatform();

/** Sends over a platform that accepts, and gives the request's body. */
async function bodySent(part: OutboundPart): Promise<unknown> {
  const bodies: unknown[] = [];
  const scope = nock(ENV.GRAPH_BASE_URL)
    .post(PATH)
    .query({ appsecret_proof: PROOF })
    .matchHeader('authorization', `Bearer ${TOKEN}`)
    .matchHeader('content-type', 'application/json')
    .reply(200, async (request) => {
      bodies.push(await request.json());
      return ACCEPTED;
    });
  await expect(send(part, contextFor())).resolves.toEqual({ externalId: ACCEPTED.message_id });
  scope.done();
  return bodies[0];
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  nock(ENV.GRAPH_BASE_URL)
    .post(PATH)
    .query(true)
    .reply(status, body as nock.Body, headers);
}

/** A recorded request with the mark that we put on every send. */
function recorded(name: string): object {
  const body = graph(`${name}.request`) as { message: object };
  return { ...body, message: { ...body.message, metadata: 'install:message:1:1' } };
}

describe('send', () => {
  it('sends a text as recorded', async () => {
    expect(await bodySent(textPart('Yes, two are left. Which size do you need?'))).toEqual(recorded('text'));
  });

  it('names the message that is answered', async () => {
    const { reply_to } = graph('reply-to.request') as { reply_to: { mid: string } };
    const part = textPart('The blue one is in stock.', { replyToId: reply_to.mid });
    expect(await bodySent(part)).toEqual(recorded('reply-to'));
  });

  it('tags what a person says later than 24 hours', async () => {
    const { message } = graph('human-agent.request') as { message: { text: string } };
    const part: OutboundPart = { ...textPart(message.text), policy: 'human_agent' };
    expect(await bodySent(part)).toEqual(recorded('human-agent'));
  });

  it('names the upload of an attachment', async () => {
    expect(await bodySent(attachmentPart())).toEqual(recorded('image-attachment-id'));
  });

  it('offers quick replies, with titles that fit', async () => {
    const quickReplies = [
      { title: 'Pick-up', payload: 'SHIP_CHOICE:pickup' },
      { title: 'Delivery to my home address', payload: '' },
    ];
    expect(await bodySent(textPart('Pick-up or delivery?', { quickReplies }))).toMatchObject({
      message: {
        text: 'Pick-up or delivery?',
        quick_replies: [
          { content_type: 'text', title: 'Pick-up', payload: 'SHIP_CHOICE:pickup' },
          { content_type: 'text', title: 'Delivery to my home', payload: 'Delivery to my home' },
        ],
      },
    });
  });

  it('writes to somebody who is known by a plugin’s reference only', async () => {
    const part = { ...textPart('Your cart is waiting.'), recipientId: 'user_ref:cart-90215-7f3a' };
    expect(await bodySent(part)).toMatchObject({ recipient: { user_ref: 'cart-90215-7f3a' } });
  });

  it('takes an id that is a number without losing a digit', async () => {
    answer(200, '{"message_id":12345678901234567890}');
    await expect(send(textPart('x'), contextFor())).resolves.toEqual({ externalId: '12345678901234567890' });
  });

  it('does not know the outcome of an answer without an id', async () => {
    answer(200, { recipient_id: PSID });
    await expect(send(textPart('x'), contextFor())).rejects.toMatchObject({ fault: 'unknown_outcome' });
  });

  it('takes an error for one, whatever the status says', async () => {
    answer(200, { ...ACCEPTED, error: { code: 190 } });
    await expect(send(textPart('x'), contextFor())).rejects.toMatchObject({ fault: 'unauthorised' });
  });

  it('makes no request for a file that has to be uploaded first, nor for an app without its secret', async () => {
    await expect(send(attachmentPart(null), contextFor())).rejects.toMatchObject({ fault: 'retry' });
    const env = { ...contextFor().env, META_APP_SECRET: undefined };
    const withoutSecret = contextFor(ENV.GRAPH_BASE_URL, { env });
    await expect(send(textPart('x'), withoutSecret)).rejects.toMatchObject({
      fault: 'misconfigured',
      message: expect.stringContaining('META_APP_SECRET'),
    });
  });
});

describe('usage headers', () => {
  const business = (percent: number, minutes = 0) => ({
    'X-Business-Use-Case-Usage': JSON.stringify({
      [PAGE]: [
        {
          type: 'messenger',
          call_count: percent,
          total_cputime: 1,
          total_time: 2,
          estimated_time_to_regain_access: minutes,
        },
      ],
    }),
  });
  const app = (percent: number) => ({
    'X-App-Usage': JSON.stringify({ call_count: 1, total_cputime: percent, total_time: 0 }),
  });

  it.each([
    ['nothing', {}, undefined],
    ['79 %', business(79), undefined],
    ['80 % of the Page', business(80), NOW + 1_000],
    ['94 % of the app', app(94), NOW + 15_000],
    ['95 %, no wait named', app(95), NOW + 60_000],
    ['120 %, half an hour named', { ...business(120, 30), ...app(3) }, NOW + 30 * 60_000],
    ['the recorded headers', graph('headers-usage.response') as Record<string, string>, NOW + 7_000],
    ['no JSON', { 'X-App-Usage': '{"call_count":' }, undefined],
    ['another shape', { 'X-App-Usage': '[]', 'X-Business-Use-Case-Usage': '{"1":{"call_count":99}}' }, undefined],
  ])('hold sends by what they say: %s', async (_name, headers: Record<string, string>, holdUntil) => {
    const { _note, ...sent } = headers;
    answer(200, ACCEPTED, sent);
    const result = await send(textPart('x'), contextFor());
    expect(result.holdUntil).toBe(holdUntil);
  });

  it('say how long a limited Page has to wait', async () => {
    answer(400, graph('error-80006-business-use-case.error'), business(100, 5));
    await expect(send(textPart('x'), contextFor())).rejects.toMatchObject({
      fault: 'throttled',
      retryAfterMs: 5 * 60_000,
    });
  });
});

describe('signal', () => {
  it.each([
    ['typing_on', 'typing-on'],
    ['typing_off', 'typing-off'],
    ['mark_seen', 'mark-seen'],
  ] as const)('sends %s alone', async (action, name) => {
    const scope = nock(ENV.GRAPH_BASE_URL)
      .post(PATH, graph(`${name}.request`) as nock.DataMatcherMap)
      .query({ appsecret_proof: PROOF })
      .reply(200, graph(`${name}.response`) as nock.Body);
    await signal(action, PSID, contextFor());
    scope.done();
  });

  it('may always be tried again', async () => {
    answer(500, '');
    await expect(signal('typing_on', PSID, contextFor())).rejects.toMatchObject({ fault: 'retry' });
  });
});
