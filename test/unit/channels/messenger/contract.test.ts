import { loadChannels } from '../../../../channels/registry.js';
import messenger from '../../../../channels/messenger/index.js';
import { describe, expect, it } from '@jest/globals';
import { describeChannelContract } from '../../../contracts/channel-contract.js';
import {
  APP_SECRET,
  attachmentPart,
  ENV,
  graph,
  PAGE,
  sign,
  TOKEN,
  textPart,
  webhook,
  webhookNames,
} from './support.js';

describeChannelContract({
  adapter: messenger,
  env: ENV,
  config: { accessToken: TOKEN },
  webhook: {
    bodies: new Map(webhookNames().map((name) => [name, webhook(name)])),
    headersFor: (rawBody) => sign(rawBody),
    redeliver: (rawBody) => {
      const body = JSON.parse(rawBody.toString()) as { entry: { time?: number }[] };
      for (const entry of body.entry) if (entry.time !== undefined) entry.time += 3_600_000;
      return Buffer.from(JSON.stringify(body));
    },
    challenge: {
      query: { 'hub.mode': 'subscribe', 'hub.verify_token': ENV.META_VERIFY_TOKEN, 'hub.challenge': '1158201444' },
      answer: '1158201444',
    },
  },
  outbound: {
    accountId: PAGE,
    parts: [textPart('Yes, two are left.'), attachmentPart()],
    accepted: { status: 200, body: JSON.stringify(graph('text.response')) },
    secrets: [TOKEN, APP_SECRET],
  },
});

describe('the registry', () => {
  it('finds Messenger by its folder', async () => {
    expect((await loadChannels()).get('messenger')).toBe(messenger);
  });
});
