import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChannelVerificationError, MalformedWebhookError } from '../../channels/errors.js';
import type { WebhookItem } from '../../channels/types.js';
import { checkEvent, checkItem, frozen } from './event-shapes.js';
import { describeOutbound } from './outbound-contract.js';
import type { ChannelSample } from './samples.js';

/** Registers the contract suite of one channel. */
export function describeChannelContract(sample: ChannelSample): void {
  describe(`the channel contract, kept by ${sample.adapter.name}`, () => {
    describeDeclaration(sample);
    if (sample.webhook !== undefined) {
      describeVerification(sample, sample.webhook);
      describeEvents(sample, sample.webhook);
    }
    if (sample.outbound !== undefined) describeOutbound(sample, sample.outbound);
  });
}

function describeDeclaration({ adapter, env, config, webhook, outbound }: ChannelSample): void {
  it('declares itself and its abilities', () => {
    expect(adapter.name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(adapter.label).not.toBe('');
    const { textLimit, attachments, quickReplies, replyWindow } = adapter.capabilities;
    expect(textLimit ?? 1).toBeGreaterThan(0);
    expect(attachments.maxBytes).toBeGreaterThan(0);
    expect(new Set(attachments.kinds).size).toBe(attachments.kinds.length);
    expect(quickReplies?.max ?? 1).toBeGreaterThan(0);
    expect(replyWindow?.humanAgentMs ?? 0).toBeGreaterThanOrEqual(replyWindow?.windowMs ?? 0);
  });

  it('has its abilities in full or not at all', () => {
    const receives = [adapter.verifyWebhook, adapter.splitWebhook, adapter.parseEvent].filter(Boolean).length;
    expect(receives).toBe(webhook === undefined ? 0 : 3);
    const sends = [adapter.send, adapter.find].filter(Boolean).length;
    expect(sends).toBe(outbound === undefined ? 0 : 2);
  });

  it('lets the hub start without any of its variables, and takes them when they are set', () => {
    expect(adapter.envSchema.safeParse({}).success).toBe(true);
    expect(adapter.envSchema.safeParse(env).success).toBe(true);
  });

  it('takes a valid inbox configuration and refuses what is none', () => {
    expect(adapter.configSchema.safeParse(config).success).toBe(true);
    expect(adapter.configSchema.safeParse(null).success).toBe(false);
    expect(adapter.configSchema.safeParse('settings').success).toBe(false);
    expect(adapter.configSchema.safeParse({ ...(config as object), unheardOf: true }).success).toBe(false);
  });
}

function describeVerification(sample: ChannelSample, webhook: NonNullable<ChannelSample['webhook']>): void {
  const env = sample.adapter.envSchema.parse(sample.env);
  const verify = (rawBody: Buffer, headers: Record<string, string>, against = env) =>
    sample.adapter.verifyWebhook?.({ rawBody, headers }, against);

  it('accepts genuine bodies', () => {
    for (const rawBody of webhook.bodies.values()) verify(rawBody, webhook.headersFor(rawBody));
  });

  it('refuses a body of which a single bit was changed', () => {
    const [rawBody] = [...webhook.bodies.values()] as [Buffer];
    const bit = fc.record({ at: fc.nat(rawBody.length - 1), mask: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128) });
    fc.assert(
      fc.property(bit, ({ at, mask }) => {
        const changed = Buffer.from(rawBody);
        changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
        expect(() => verify(changed, webhook.headersFor(rawBody))).toThrow(ChannelVerificationError);
      }),
    );
  });

  it('refuses everything without headers, with another body’s headers, and while it is not set up', () => {
    const [first, second] = [...webhook.bodies.values()] as [Buffer, Buffer];
    expect(() => verify(first, {})).toThrow(ChannelVerificationError);
    expect(() => verify(first, webhook.headersFor(second))).toThrow(ChannelVerificationError);
    const notSetUp = sample.adapter.envSchema.parse({});
    expect(() => verify(first, webhook.headersFor(first), notSetUp)).toThrow(ChannelVerificationError);
  });

  const { challenge } = webhook;
  if (challenge === undefined) return;
  it('answers the set-up request only if every part of it is right', () => {
    const answer = (query: Record<string, string>, against = env) =>
      sample.adapter.answerChallenge?.(new URLSearchParams(query), against);
    expect(answer(challenge.query)).toBe(challenge.answer);
    for (const name of Object.keys(challenge.query)) {
      const { [name]: _left, ...others } = challenge.query;
      expect(answer(others)).toBeNull();
    }
    expect(answer(challenge.query, sample.adapter.envSchema.parse({}))).toBeNull();
  });
}

function describeEvents(sample: ChannelSample, webhook: NonNullable<ChannelSample['webhook']>): void {
  const { adapter } = sample;
  const env = adapter.envSchema.parse(sample.env);
  const split = (rawBody: Buffer): WebhookItem[] => adapter.splitWebhook?.(rawBody) ?? [];
  const parse = (item: WebhookItem) => adapter.parseEvent?.(item, env) ?? [];
  const isNullOrTime = (value: number | null) => value === null || value > 0;

  it.each([...webhook.bodies])('stores and understands %s the same way each time', (_name, rawBody) => {
    const items = split(rawBody);
    expect(split(rawBody)).toEqual(items);
    for (const item of items) {
      checkItem(item);
      expect(isNullOrTime(item.occurredAt) && isNullOrTime(item.sentAt)).toBe(true);
      const payload = JSON.parse(JSON.stringify(item.payload)) as WebhookItem['payload'];
      const events = parse(frozen({ ...item, payload }));
      events.forEach(checkEvent);
      expect(events.length).toBeGreaterThan(0);
      expect(parse(item)).toEqual(events);
    }
  });

  it.each([...webhook.bodies])('gives %s the same keys when it is delivered again', (_name, rawBody) => {
    const keys = (items: WebhookItem[]) => items.map((item) => [item.accountId, item.contactId, item.dedupeKey]);
    expect(keys(split(webhook.redeliver(rawBody)))).toEqual(keys(split(rawBody)));
  });

  it('calls malformed what is no envelope, and fails in no other way', () => {
    const anything = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(anything, (rawBody) => {
        try {
          split(rawBody).forEach(checkItem);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedWebhookError);
        }
      }),
    );
    expect(() => split(Buffer.from('{'))).toThrow(MalformedWebhookError);
  });

  it('finds every stored payload understandable or unsupported', () => {
    const known = [...webhook.bodies.values()].flatMap(split);
    const mutated = fc.tuple(fc.constantFrom(...known), fc.jsonValue(), fc.nat()).map(([item, value, place]) => ({
      ...item,
      payload: replaceOne(item.payload, value, place),
    }));
    fc.assert(
      fc.property(mutated, (item) => parse(item).forEach(checkEvent)),
      { numRuns: 500 },
    );
  });
}

/** A copy in which one value, the n-th of the tree, is another one. */
function replaceOne(tree: Record<string, unknown>, value: unknown, place: number): Record<string, unknown> {
  const copy = structuredClone(tree);
  const places: (() => void)[] = [];
  const walk = (holder: Record<string, unknown>) => {
    for (const [name, item] of Object.entries(holder)) {
      places.push(() => (holder[name] = value));
      if (typeof item === 'object' && item !== null) walk(item as Record<string, unknown>);
    }
  };
  walk(copy);
  places[place % places.length]?.();
  return copy;
}
