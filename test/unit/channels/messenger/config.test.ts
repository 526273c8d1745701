import { describe, expect, it } from '@jest/globals';
import messenger from '../../../../channels/messenger/index.js';

const { envSchema, configSchema } = messenger;

describe('the environment', () => {
  it('has defaults for everything but the app’s own values', () => {
    expect(envSchema.parse({})).toEqual({
      GRAPH_BASE_URL: 'https://graph.facebook.com',
      GRAPH_VERSION: 'v25.0',
      META_ATTACHMENT_HOSTS: ['fbcdn.net', 'fbsbx.com'],
    });
  });

  it('tidies what people type', () => {
    const parsed = envSchema.parse({
      META_APP_ID: ' 729481550316284 ',
      GRAPH_BASE_URL: 'http://127.0.0.1:4000/',
      META_ATTACHMENT_HOSTS: ' FBCDN.net, ,127.0.0.1 ',
    });
    expect(parsed).toMatchObject({ META_APP_ID: '729481550316284', GRAPH_BASE_URL: 'http://127.0.0.1:4000' });
    expect(messenger.attachmentHosts?.(parsed)).toEqual(['fbcdn.net', '127.0.0.1']);
  });

  it.each([{ GRAPH_BASE_URL: 'graph.facebook.com' }, { GRAPH_BASE_URL: 'ftp://x.example' }, { GRAPH_VERSION: '25' }])(
    'refuses %j',
    (values) => {
      expect(envSchema.safeParse(values).success).toBe(false);
    },
  );
});

describe('the configuration of a Page', () => {
  it('needs a token that fits into a header', () => {
    expect(configSchema.parse({ accessToken: ' EAAtoken\n' })).toEqual({ accessToken: 'EAAtoken' });
    for (const accessToken of ['', 'two words', 'a\r\nX-Injected: 1']) {
      expect(configSchema.safeParse({ accessToken }).success).toBe(false);
    }
  });
});
