import { describe, expect, it } from '@jest/globals';
import messenger from '../../../../channels/messenger/index.js';
import { bodyOf, ENV, eventsOf, fromContact, NOW, onlyItem, PAGE, PSID } from './support.js';

const fromPage = (message: object) => ({
  sender: { id: PAGE },
  recipient: { id: PSID },
  timestamp: NOW,
  message,
});
const attached = (...attachments: object[]) => eventsOf(bodyOf(fromContact({ message: { mid: 'm_1', attachments } })));

describe('echoes', () => {
  it('are the Page’s words even without their mark', () => {
    expect(eventsOf(bodyOf(fromPage({ mid: 'm_1', text: 'hello' })))).toMatchObject([{ type: 'echo', text: 'hello' }]);
  });

  it('may be ours while the platform names no app', () => {
    const echo = { mid: 'm_1', is_echo: true, text: 'hello' };
    expect(eventsOf(bodyOf(fromPage(echo)))).toMatchObject([{ origin: 'own', senderName: 'Page' }]);
  });

  it('name apps as numbers, strings, or numbers too large', () => {
    const originOf = (appId: string) => {
      const body = `{"object":"page","entry":[{"id":"${PAGE}","time":1,"messaging":[{"sender":{"id":"${PAGE}"},"recipient":{"id":"${PSID}"},"timestamp":${NOW},"message":{"mid":"m_1","is_echo":true,"app_id":${appId}}}]}]}`;
      return eventsOf(Buffer.from(body));
    };
    expect(originOf('729481550316284')).toMatchObject([{ origin: 'own' }]);
    expect(originOf('"729481550316284"')).toMatchObject([{ origin: 'own' }]);
    expect(originOf('88130492775510612345')).toMatchObject([{ senderName: 'App 88130492775510612345' }]);
  });

  it('are foreign only where that is sure', () => {
    const withoutAppId = messenger.envSchema.parse({ ...ENV, META_APP_ID: '' });
    const originOf = (app_id: number) =>
      eventsOf(bodyOf(fromPage({ mid: 'm_1', is_echo: true, text: 'x', app_id })), withoutAppId);
    expect(originOf(881304927755106)).toMatchObject([{ origin: 'own' }]);
    expect(originOf(263902037430900)).toMatchObject([{ origin: 'foreign' }]);
  });
});

describe('attachments', () => {
  it('lose only the twin of a sticker', () => {
    const sticker = { type: 'sticker', payload: { url: 'https://a.fbcdn.net/s.png', sticker_id: 1 } };
    const byId = { type: 'image', payload: { url: 'https://b.fbcdn.net/other.png', sticker_id: '1' } };
    const byUrl = { type: 'image', payload: { url: 'https://a.fbcdn.net/s.png' } };
    const photo = { type: 'image', payload: { url: 'https://a.fbcdn.net/photo.png' } };
    expect(attached(byId, sticker, byUrl, photo)).toMatchObject([
      { attachments: [{ kind: 'sticker' }, { kind: 'image', sourceUrl: 'https://a.fbcdn.net/photo.png' }] },
    ]);
  });

  it('are no twins for want of ids and addresses', () => {
    expect(attached({ type: 'sticker', payload: {} }, { type: 'image' })).toMatchObject([
      { attachments: [{ kind: 'sticker' }, { kind: 'image' }] },
    ]);
  });

  it('never lead to anything but the web', () => {
    const events = attached(
      { type: 'fallback', payload: { url: 'javascript:alert(1)', title: 'Click' } },
      { type: 'image', payload: { url: 'file:///etc/passwd' } },
      { type: 'location', url: 'data:text/html,x', payload: { coordinates: { lat: 1, long: 2 } } },
    );
    expect(events).toMatchObject([
      {
        attachments: [
          { kind: 'unsupported', title: 'Click', link: null },
          { kind: 'image', sourceUrl: null },
          { kind: 'location', link: null },
        ],
      },
    ]);
  });

  it('are copied from shares only where the platform keeps them', () => {
    const events = attached(
      { type: 'ig_reel', payload: { url: 'https://video.xx.fbcdn.net/r.mp4' } },
      { type: 'post', payload: { url: 'https://notfbcdn.net/p.jpg' } },
    );
    expect(events).toMatchObject([
      {
        attachments: [
          { kind: 'link', title: 'Instagram reel', sourceUrl: 'https://video.xx.fbcdn.net/r.mp4' },
          { kind: 'link', title: 'Post', sourceUrl: null, link: 'https://notfbcdn.net/p.jpg' },
        ],
      },
    ]);
  });

  it('of a template are one per card', () => {
    const card = (title: string) => ({
      title,
      image_url: 'https://shop.example.com/i.jpg',
      default_action: { type: 'web_url', url: 'https://shop.example.com/' },
      buttons: [{ type: 'postback', title: 'Reserve', payload: 'R' }],
    });
    const payload = { template_type: 'generic', elements: [card('One'), card('Two')] };
    expect(attached({ type: 'template', payload })).toMatchObject([
      {
        attachments: [
          { kind: 'template', title: 'One', link: 'https://shop.example.com/', details: [{ label: 'Button' }] },
          { kind: 'template', title: 'Two' },
        ],
      },
    ]);
  });

  it('keep an appointment whose time zone nobody knows', () => {
    const payload = { booking_id: 1, start_time: 1781776800, timezone: 'Mars/Olympus' };
    expect(attached({ type: 'appointment_booking', payload })).toMatchObject([
      { attachments: [{ details: expect.arrayContaining([{ label: 'Start', value: '2026-06-18T10:00:00.000Z' }]) }] },
    ]);
  });
});

describe('odd events', () => {
  it.each([
    ['a message without an id keeps its key as id', { message: { text: 'hi' } }, { type: 'message', text: 'hi' }],
    [
      'a quoted edit number',
      { message_edit: { mid: 'm_1', text: 'x', num_edit: '3' } },
      { type: 'edit', editNumber: 3 },
    ],
    ['an edit to nothing', { message_edit: { mid: 'm_1', text: '', num_edit: 2 } }, { type: 'edit', text: '' }],
    ['a reaction by name', { reaction: { mid: 'm_1', action: 'react', reaction: 'like' } }, { emoji: '👍' }],
    ['a button without a title', { postback: { payload: 'P' } }, { type: 'postback', title: 'P' }],
    ['a delivery with ids only', { delivery: { mids: ['m_1', 7] } }, { externalIds: ['m_1', '7'], watermark: NOW }],
    [
      'a resumed opt-in',
      { optin: { type: 'notification_messages', notification_messages_status: 'RESUME_NOTIFICATIONS' } },
      { data: { status: 'resumed' } },
    ],
    ['an idle thread', { pass_thread_control: { new_owner_app_id: null } }, { type: 'thread_owner', owner: null }],
  ])('are understood: %s', (_name, content, expected) => {
    expect(eventsOf(bodyOf(fromContact(content)))).toMatchObject([expected]);
  });

  it.each<[string, object, object?]>([
    ['a deletion of nothing', { message: { is_deleted: true } }],
    ['an edit without a number', { message_edit: { mid: 'm_1', text: 'x' } }],
    ['a reaction of no kind', { reaction: { mid: 'm_1', action: 'wave' } }],
    ['a read receipt of nothing', { read: {} }],
    ['a delivery of nothing', { delivery: {} }],
    ['feedback without answers', { messaging_feedback: { feedback_screens: [] } }],
    ['a message that is no object', { message: 'hello' }],
    ['nothing', {}],
    ['a name from the prototype', { constructor: { text: 'x' } }],
    ['a message without a time', { timestamp: 'soon', message: { mid: 'm_1', text: 'x' } }, { time: null }],
    ['a message of nobody', { sender: undefined, message: { mid: 'm_1', text: 'x' } }],
    ['another Page’s message', { recipient: { id: '118340925567731' }, message: { mid: 'm_1', text: 'x' } }],
  ])('are kept as unsupported: %s', (_name, content, envelope = {}) => {
    const item = onlyItem(bodyOf(fromContact({ ...content })));
    const payload = { ...item.payload, ...envelope };
    const events = messenger.parseEvent?.({ ...item, payload }, messenger.envSchema.parse(ENV));
    expect(events).toEqual([{ type: 'unsupported', reason: expect.stringMatching(/./) }]);
  });

  it('take the time of sending where the event has none', () => {
    const event = fromContact({ timestamp: undefined, message: { mid: 'm_1', text: 'x' } });
    expect(eventsOf(bodyOf(event))).toMatchObject([{ type: 'message', occurredAt: NOW + 500 }]);
  });

  it('answer several questions with a line each, with ids of their own', () => {
    const questions = { one: { type: 'csat', payload: 5 }, two: { type: 'nps', payload: '9' } };
    const event = fromContact({ messaging_feedback: { feedback_screens: [{ screen_id: 0, questions }] } });
    const events = eventsOf(bodyOf(event));
    expect(events).toMatchObject([{ data: { score: '5' } }, { data: { score: '9' } }]);
    expect(new Set(events.map((each) => (each.type === 'activity' ? each.externalId : ''))).size).toBe(2);
  });

  it('never show the code of an account link', () => {
    const event = fromContact({ account_linking: { status: 'linked', authorization_code: 'alc_secret' } });
    expect(JSON.stringify(eventsOf(bodyOf(event)))).not.toContain('alc_secret');
  });
});
