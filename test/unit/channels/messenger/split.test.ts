import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedWebhookError } from '../../../../channels/errors.js';
import { splitWebhook } from '../../../../channels/messenger/split.js';
import { bodyOf, fromContact, NOW, onlyItem, PAGE, PSID, webhook } from './support.js';

const keyOf = (event: unknown, list?: string) => onlyItem(bodyOf(event, list)).dedupeKey;

describe('splitWebhook', () => {
  it('makes an item of each event, whatever Page it is of', () => {
    const items = splitWebhook(webhook('batch-two-pages'));
    expect(items.map(({ accountId, contactId }) => [accountId, contactId])).toEqual([
      [PAGE, PSID],
      [PAGE, '6120947735518862'],
      ['118340925567731', '24918837460215539'],
    ]);
  });

  it('tells when it happened and when it was sent', () => {
    expect(onlyItem(webhook('message-text'))).toMatchObject({ occurredAt: 1781515800118, sentAt: 1781515800758 });
    expect(onlyItem(webhook('page-feed-change'))).toMatchObject({ occurredAt: null, sentAt: 1781515820000 });
    const quoted = fromContact({ timestamp: String(NOW), read: { watermark: NOW } });
    expect(onlyItem(bodyOf(quoted)).occurredAt).toBe(NOW);
  });

  it.each([
    ['message-text', PSID],
    ['echo', PSID],
    ['standby-echo', PSID],
    ['event-without-sender-id', 'user_ref:cart-90215-7f3a'],
    ['optin-checkbox', 'user_ref:cart-90215-7f3a'],
    ['policy-enforcement', null],
    ['handover-app-roles', null],
    ['page-feed-change', null],
  ])('names the contact of %s', (name, contactId) => {
    expect(onlyItem(webhook(name)).contactId).toBe(contactId);
  });

  it('takes what the Page itself sent for no contact’s, marked as an echo or not', () => {
    const event = { sender: { id: PAGE }, recipient: { id: PSID }, timestamp: NOW, message: { mid: 'm_1', text: 'x' } };
    expect(onlyItem(bodyOf(event))).toMatchObject({ contactId: PSID, dedupeKey: 'echo:m_1' });
  });

  it('keeps ids that are numbers beyond 2^53 to the last digit, and nothing else changes', () => {
    const rawBody = Buffer.from(
      `{"object":"page","entry":[{"id":${PAGE},"time":1,"messaging":[{"sender":{"id":24918837460215539},` +
        `"recipient":{"id":"${PAGE}"},"timestamp":${NOW},"message":{"mid":"m_1","text":"12345678901234567890, [98765432109876543210]",` +
        `"app_id":729481550316284,"attachments":[{"type":"sticker","payload":{"sticker_id":44178209366512079}},` +
        `{"type":"location","payload":{"coordinates":{"lat":48.208490000000001,"long":-16.37208e0}}}]}}]}]}`,
    );
    const item = onlyItem(rawBody);
    expect(item).toMatchObject({ accountId: PAGE, contactId: '24918837460215539' });
    expect(item.payload).toMatchObject({
      event: {
        message: {
          text: '12345678901234567890, [98765432109876543210]',
          app_id: 729481550316284,
          attachments: [
            { payload: { sticker_id: '44178209366512079' } },
            { payload: { coordinates: { lat: 48.20849, long: -16.37208 } } },
          ],
        },
      },
    });
  });

  it.each(['other-object-permissions', 'other-object-instagram', 'other-object-whatsapp'])(
    'keeps %s as unknown',
    (name) => {
      const body = JSON.parse(webhook(name).toString()) as { object: string; entry: unknown[] };
      expect(onlyItem(webhook(name))).toMatchObject({
        accountId: '0',
        contactId: null,
        payload: { object: body.object, event: body.entry[0] },
      });
    },
  );

  it('keeps what stands in no list that we know', () => {
    const unheard = Buffer.from(
      `{"object":"page","entry":[{"id":"${PAGE}","time":1,"messaging_calls":[{"call":1}]}, 7]}`,
    );
    expect(splitWebhook(unheard).map(({ accountId, payload }) => [accountId, payload.event])).toEqual([
      [PAGE, { id: PAGE, time: 1, messaging_calls: [{ call: 1 }] }],
      ['0', { value: 7 }],
    ]);
  });

  it('keeps an event of absurd depth, cut to what can be stored', () => {
    const deep = `{"sender":{"id":"${PSID}"},"deep":${'['.repeat(90_000)}${']'.repeat(90_000)}}`;
    const rawBody = Buffer.from(`{"object":"page","entry":[{"id":"${PAGE}","messaging":[${deep}]}]}`);
    const { event } = onlyItem(rawBody).payload as { event: Record<string, unknown> };
    expect(event.sender).toEqual({ id: PSID });
    expect(JSON.stringify(event).length).toBeLessThan(500);
  });

  it.each([
    ['no JSON', '{"object":"page","entry":[}'],
    ['no object', '[]'],
    ['no name', '{"entry":[]}'],
    ['no entries', '{"object":"page"}'],
    ['no UTF-8', Buffer.concat([Buffer.from('{"object":"page","entry":[],"x":"'), Buffer.of(0xff), Buffer.from('"}')])],
  ])('calls a body with %s malformed', (_name, body) => {
    expect(() => splitWebhook(Buffer.from(body))).toThrow(MalformedWebhookError);
  });

  it('finds nothing in an empty batch', () => {
    expect(splitWebhook(Buffer.from('{"object":"page","entry":[]}'))).toEqual([]);
  });
});

describe('dedupe keys', () => {
  const mid = 'm_P9bP4t6O5AhRXxmgq1UFFZQpQyUnwhXEhHANx7ZamkML-TaBH6FEXdOI6pPv780L23wjxOG-HMDu0t7GCAqtbQ';

  it('are the same for a redelivery and for a repeat inside a batch', () => {
    expect(onlyItem(webhook('duplicate-mid')).dedupeKey).toBe(onlyItem(webhook('message-text')).dedupeKey);
    expect(new Set(splitWebhook(webhook('duplicate-mid-same-batch')).map((item) => item.dedupeKey)).size).toBe(1);
  });

  it('tell the events about one message apart', () => {
    expect(onlyItem(webhook('message-text')).dedupeKey).toBe(`message:${mid}`);
    expect(onlyItem(webhook('edit')).dedupeKey).toBe(`edit:${mid}:1`);
    expect(onlyItem(webhook('message-deleted')).dedupeKey).toBe(`unsend:${mid}`);
    const second = fromContact({ message_edit: { mid, text: 'again', num_edit: '2' } });
    expect(keyOf(second)).toBe(`edit:${mid}:2`);
  });

  it('tell reactions apart by who, what and when', () => {
    const reaction = (changes: object, at = NOW) =>
      keyOf(fromContact({ timestamp: at, reaction: { mid: 'm_1', action: 'react', reaction: 'love', ...changes } }));
    expect(reaction({})).toBe(reaction({}));
    expect(
      new Set([reaction({}), reaction({ action: 'unreact' }), reaction({}, NOW + 1), reaction({ mid: 'm_2' })]).size,
    ).toBe(4);
  });

  it('tell receipts apart by their watermark', () => {
    const read = (watermark: number) => keyOf({ sender: { id: PSID }, recipient: { id: PAGE }, read: { watermark } });
    expect(read(NOW)).toBe(read(NOW));
    expect(read(NOW)).not.toBe(read(NOW + 1));
  });

  it('do not depend on the list: one message may be told in standby and again afterwards', () => {
    const event = fromContact({ message: { mid: 'm_1', text: 'hello' } });
    expect(keyOf(event, 'standby')).toBe(keyOf(event));
  });

  it('stay short for ids of any length', () => {
    expect(keyOf(fromContact({ message: { mid: 'm_'.repeat(5_000) } })).length).toBeLessThan(100);
  });

  const anyEvent = fc
    .dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { noNullPrototype: true })
    .map((content) => fromContact(content));

  it('do not change with time of delivery, order of fields, or spelling of the body', () => {
    fc.assert(
      fc.property(anyEvent, fc.integer({ min: 1, max: 1e12 }), (event, later) => {
        const reversed = Object.fromEntries(Object.entries(event).reverse());
        const again = { object: 'page', entry: [{ messaging: [reversed], time: NOW + later, id: PAGE }] };
        const rawBody = Buffer.from(JSON.stringify(again, null, 2).replaceAll('/', '\\/'));
        expect(onlyItem(rawBody).dedupeKey).toBe(keyOf(event));
      }),
      { numRuns: 500 },
    );
  });

  it('differ for different events', () => {
    fc.assert(
      fc.property(anyEvent, anyEvent, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const differ = keyOf(one) !== keyOf(other);
        const sameFields = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(differ).toBe(!sameFields);
      }),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, sorted(item)]);
}
