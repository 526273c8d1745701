import { describe, expect, it } from '@jest/globals';
import { loadChannels } from '../../../../channels/registry.js';
import web from '../../../../channels/web/index.js';
import { describeChannelContract } from '../../../contracts/channel-contract.js';

describeChannelContract({ adapter: web, env: {}, config: {} });

describe('the configuration of a website', () => {
  it('may hold the key with which it vouches for its users, and a short one is none', () => {
    expect(web.configSchema.safeParse({ identitySecret: 'k'.repeat(16) }).success).toBe(true);
    expect(web.configSchema.safeParse({ identitySecret: 'k'.repeat(15) }).success).toBe(false);
  });
});

describe('the registry', () => {
  it('finds the website by its folder', async () => {
    expect((await loadChannels()).get('web')).toBe(web);
  });
});
