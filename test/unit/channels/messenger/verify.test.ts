import { describe, expect, it } from '@jest/globals';
import { ChannelVerificationError } from '../../../../channels/errors.js';
import messenger from '../../../../channels/messenger/index.js';
import { answerChallenge, verifyWebhook } from '../../../../channels/messenger/verify.js';
import { APP_SECRET, ENV, env, sign, webhook } from './support.js';

const rawBody = webhook('message-text');

describe('verifyWebhook', () => {
  it.each([
    ['message-text', '8be8f29cacda5757034047d532d7217e20b4ea3f2bf20ec86c374e0d7e971359'],
    ['message-text-unicode', 'e14d40e249d7cce44442dd53c9047a6a23d2789e29a4f59a37791860061b48bf'],
    ['batch-two-pages', 'ad22495e92058e6929b23352cfd4a2f2152c37cfd81fee2adbe443aee2c6fd75'],
  ])('accepts the published vector of %s', (name, hex) => {
    const headers = { 'x-hub-signature-256': `sha256=${hex}` };
    expect(() => verifyWebhook({ rawBody: webhook(name), headers }, env)).not.toThrow();
  });

  it('accepts the new and the previous secret while it is being changed, and no third', () => {
    const rotating = messenger.envSchema.parse({
      ...ENV,
      META_APP_SECRET: 'the-new-one',
      META_APP_SECRET_PREVIOUS: APP_SECRET,
    });
    for (const secret of ['the-new-one', APP_SECRET]) {
      expect(() => verifyWebhook({ rawBody, headers: sign(rawBody, secret) }, rotating)).not.toThrow();
    }
    const other = { rawBody, headers: sign(rawBody, 'another') };
    expect(() => verifyWebhook(other, rotating)).toThrow(ChannelVerificationError);
  });

  const genuine = sign(rawBody)['x-hub-signature-256'] ?? '';
  it.each([
    ['no header', undefined],
    ['an empty one', ''],
    ['no prefix', genuine.replace('sha256=', '')],
    ['the older prefix', genuine.replace('sha256', 'sha1')],
    ['a short value', genuine.slice(0, -1)],
    ['a long value', `${genuine}0`],
    ['what is not hexadecimal', `${genuine.slice(0, -1)}g`],
    ['two values', `${genuine}, ${genuine}`],
    ['a repeated header', [genuine, genuine]],
  ])('refuses %s', (_name, header) => {
    const request = { rawBody, headers: { 'x-hub-signature-256': header } };
    expect(() => verifyWebhook(request, env)).toThrow(ChannelVerificationError);
  });

  it('is not satisfied by the SHA-1 twin', () => {
    const headers = { 'x-hub-signature': genuine };
    expect(() => verifyWebhook({ rawBody, headers }, env)).toThrow(ChannelVerificationError);
  });

  it('refuses everything while the secret is missing or empty, naming the variable', () => {
    for (const secrets of [{}, { META_APP_SECRET: '' }, { META_APP_SECRET: '  ', META_APP_SECRET_PREVIOUS: '' }]) {
      const unset = messenger.envSchema.parse(secrets);
      const empty = { rawBody, headers: sign(rawBody, 'x') };
      expect(() => verifyWebhook(empty, unset)).toThrow(/META_APP_SECRET/);
    }
  });
});

describe('answerChallenge', () => {
  const query = (changes: Record<string, string> = {}) =>
    new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': 'test_verify_token',
      'hub.challenge': '1158201444',
      ...changes,
    });

  it('sends the challenge back as it came', () => {
    expect(answerChallenge(query(), env)).toBe('1158201444');
  });

  it.each([
    ['another mode', { 'hub.mode': 'unsubscribe' }],
    ['another token', { 'hub.verify_token': 'test_verify_tokem' }],
    ['an empty token', { 'hub.verify_token': '' }],
    ['an empty challenge', { 'hub.challenge': '' }],
  ])('refuses %s', (_name, changes) => {
    expect(answerChallenge(query(changes), env)).toBeNull();
  });

  it('refuses while no token is set, an empty one included', () => {
    const unset = messenger.envSchema.parse({ META_VERIFY_TOKEN: '' });
    expect(answerChallenge(query({ 'hub.verify_token': '' }), unset)).toBeNull();
    expect(answerChallenge(query({ 'hub.verify_token': 'undefined' }), unset)).toBeNull();
  });
});
