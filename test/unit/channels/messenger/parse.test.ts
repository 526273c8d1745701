import { describe, expect, it } from '@jest/globals';
import type { InboundAttachment } from '../../../../channels/types.js';
import { eventsOf, webhook, webhookNames } from './support.js';

const FIRST_MID = 'm_P9bP4t6O5AhRXxmgq1UFFZQpQyUnwhXEhHANx7ZamkML-TaBH6FEXdOI6pPv780L23wjxOG-HMDu0t7GCAqtbQ';
const OWN_MID = 'm_LmVWeAWn4txJOud2_5CSSkxAE_qTRRgdLWR33QYq-29kk4yJavoVNDhoklxbrjQLhdtOqsi5OYQrf_cjE9gwKw';

const said = (text: string, more: object = {}) => ({ type: 'message', text, attachments: [], standby: false, ...more });
const sent = (...attachments: object[]) => ({ type: 'message', text: null, attachments, context: {} });
const part = (kind: InboundAttachment['kind'], known: object = {}) => ({
  kind,
  sourceUrl: null,
  title: null,
  link: null,
  details: [],
  ...known,
});
const copied = (pattern: RegExp) => ({ sourceUrl: expect.stringMatching(pattern) });
const line = (activity: string, data: object, opensWindow = false) => ({
  type: 'activity',
  activity,
  data,
  opensWindow,
});
const lines = (pairs: Record<string, string>) => Object.entries(pairs).map(([label, value]) => ({ label, value }));
const unsupported = { type: 'unsupported' };

/** What every recorded body says. */
const RECORDED: Record<string, object[]> = {
  'account-linked': [line('account_link', { status: 'linked' })],
  'account-unlinked': [line('account_link', { status: 'unlinked' })],
  'batch-mixed-out-of-order': [
    { type: 'read', watermark: 1781517103800 },
    said('second line', { occurredAt: 1781517102700 }),
    said('first line', { occurredAt: 1781517101200 }),
    { type: 'delivery', externalIds: [expect.stringMatching(/^m_go5i/)], watermark: 1781517103100 },
    { type: 'echo', text: 'How can I help?', metadata: null, origin: 'own' },
  ],
  'batch-two-pages': [said('First question'), said('Do you ship to Graz?'), said('Opening hours on Sunday?')],
  'dashboard-test': [unsupported],
  delivery: [{ type: 'delivery', externalIds: [OWN_MID], watermark: 1781515816201 }],
  'delivery-without-mids': [{ type: 'delivery', externalIds: [], watermark: 1781515831402 }],
  'duplicate-mid': [said('Hi, is the blue bicycle still in stock?')],
  'duplicate-mid-same-batch': [said('sent once'), said('sent once')],
  echo: [
    {
      type: 'echo',
      externalId: OWN_MID,
      occurredAt: 1781515815402,
      metadata: '{"outbox_id":"ob_01JXS5T8"}',
      origin: 'own',
      text: 'Yes, two are left. Which size do you need?',
      standby: false,
    },
  ],
  'echo-image': [{ type: 'echo', metadata: 'ob_01JXS5VQ', text: null, attachments: [part('image', copied(/out_n/))] }],
  'echo-other-app': [{ type: 'echo', origin: 'foreign', senderName: 'App 881304927755106' }],
  'echo-page-inbox': [{ type: 'echo', origin: 'foreign', senderName: 'Page inbox' }],
  'echo-template': [
    {
      type: 'echo',
      text: null,
      attachments: [
        part('template', { title: 'How can we help?', details: lines({ Template: 'button', Button: 'Track order' }) }),
      ],
    },
  ],
  edit: [
    {
      type: 'edit',
      targetId: FIRST_MID,
      text: 'Hi, is the green bicycle still in stock?',
      editNumber: 1,
      occurredAt: 1781515820505,
    },
  ],
  'event-without-sender-id': [{ type: 'postback', title: 'Get Started', payload: 'GET_STARTED' }],
  feedback: [
    line('feedback', { question: 'case_5512_csat', kind: 'csat', score: '4', comment: 'Quick answer, thank you.' }),
  ],
  'handover-app-roles': [
    { type: 'account_notice', notice: 'app_roles', data: { roles: { '729481550316284': ['primary_receiver'] } } },
  ],
  'handover-pass': [
    {
      type: 'thread_owner',
      owner: null,
      activity: line('handover', {
        control: 'pass',
        from: 'App 881304927755106',
        to: 'Switchboard',
        note: 'reason=human_requested',
      }),
    },
  ],
  'handover-request': [line('handover', { control: 'request', to: 'App 881304927755106', note: 'campaign follow-up' })],
  'handover-take': [
    {
      type: 'thread_owner',
      owner: 'Page inbox',
      activity: line('handover', { control: 'take', from: 'Switchboard', to: 'Page inbox', note: 'taken in inbox' }),
    },
  ],
  'handover-take-idle': [
    {
      type: 'thread_owner',
      owner: 'App 881304927755106',
      activity: line('handover', { control: 'take', to: 'App 881304927755106' }),
    },
  ],
  'message-ad-referral': [
    said('Tell me more', {
      context: {
        Reference: 'summer_2026',
        Source: 'ADS',
        Ad: '120218844093710552',
        'Ad title': 'Summer bikes',
        Post: '104829637715402_998201746653310',
      },
    }),
  ],
  'message-appointment-booking': [
    sent(
      part('appointment', {
        title: 'Appointment',
        details: lines({
          Status: 'requested',
          Start: '18 Jun 2026, 12:00',
          End: '18 Jun 2026, 13:00',
          'Time zone': 'Europe/Vienna',
          Booking: '3391027746180552',
        }),
      }),
    ),
  ],
  'message-audio': [sent(part('audio', copied(/voiceclip/)))],
  'message-command': [said('/orders', { context: { Command: 'orders' } })],
  'message-deleted': [{ type: 'unsend', targetId: FIRST_MID, occurredAt: 1781516160818 }],
  'message-empty': [sent(part('unsupported'))],
  'message-fallback-link': [
    said('https://shop.example.com/bikes/blue-29', {
      attachments: [part('link', { title: 'Blue 29-inch bicycle', link: 'https://shop.example.com/bikes/blue-29' })],
    }),
  ],
  'message-fallback-no-payload': [sent(part('unsupported', { title: 'Shared content' }))],
  'message-file': [sent(part('file', copied(/invoice-2026-0615\.pdf/)))],
  'message-image': [sent(part('image', copied(/1187240269553411_n\.jpg/)))],
  'message-images-multiple': [
    sent(part('image', copied(/3421_n/)), part('image', copied(/3422_n/)), part('image', copied(/3423_n/))),
  ],
  'message-location': [
    sent(
      part('location', {
        title: 'Pinned Location',
        link: expect.stringMatching(/^https:\/\/l\.facebook\.com/),
        details: lines({ Latitude: '48.20849', Longitude: '16.37208' }),
      }),
    ),
  ],
  'message-nlp': [said('Hello, can you call me tomorrow at 10am?', { context: { Language: 'en_XX' } })],
  'message-post-share': [
    said('How much is this one?', {
      attachments: [part('link', { title: 'Post', link: expect.stringMatching(/post_n/), ...copied(/post_n/) })],
    }),
  ],
  'message-quick-reply': [said('Delivery', { payload: 'SHIP_CHOICE:delivery' })],
  'message-reel': [
    sent(part('link', { title: 'Workshop tour', link: 'https://www.facebook.com/reel/1039284756610293' })),
  ],
  'message-referral-product': [said('Is this available in size L?', { context: { Product: '5820194477310266' } })],
  'message-reply-to': [said('Yes, this one please', { replyToId: OWN_MID })],
  'message-sticker': [sent(part('sticker', copied(/sticker_n/)))],
  'message-sticker-legacy': [sent(part('sticker', copied(/sticker_n/)))],
  'message-sticker-transition': [sent(part('sticker', copied(/sticker_n/)))],
  'message-template-product': [
    sent(
      part('template', {
        title: 'Blue 29-inch bicycle',
        ...copied(/product_n/),
        details: lines({
          Description: 'EUR 649.00',
          Product: '5820194477310266',
          'Article number': 'BIKE-29-BLUE',
        }),
      }),
    ),
  ],
  'message-text': [
    said('Hi, is the blue bicycle still in stock?', {
      externalId: FIRST_MID,
      occurredAt: 1781515800118,
      payload: null,
      replyToId: null,
      context: {},
    }),
  ],
  'message-text-unicode': [said('Grüß Gott! Größe „L“ für 50 % Rabatt? 🚲 <b>ok</b> http://a.example/b')],
  'message-video': [sent(part('video', copied(/\.mp4/)))],
  'optin-checkbox': [line('optin', { kind: 'plugin', status: 'opted_in', ref: 'checkout' }, true)],
  'optin-notification-messages': [
    line('optin', {
      kind: 'notification_messages',
      status: 'opted_in',
      title: 'Tell me when it is back',
      payload: 'TOPIC:restock',
      timeZone: 'Europe/Vienna',
      expiresAt: 1804844500000,
    }),
  ],
  'optin-stop': [{ ...line('optin', expect.objectContaining({ status: 'stopped' }) as object) }],
  'other-object-instagram': [unsupported],
  'other-object-permissions': [unsupported],
  'other-object-whatsapp': [unsupported],
  'page-feed-change': [unsupported],
  'policy-enforcement': [
    {
      type: 'account_hold',
      reason:
        'Facebook blocked this Page from sending: Messages from this Page were reported as unwanted by many recipients.',
      until: null,
      occurredAt: 1781516800000,
    },
  ],
  'policy-enforcement-unblock': [{ type: 'account_resume', occurredAt: 1781516890000 }],
  'policy-enforcement-warning': [
    {
      type: 'account_notice',
      notice: 'policy_enforcement',
      data: { action: 'warning', reason: 'Some messages sent with a tag look promotional.' },
    },
  ],
  postback: [{ type: 'postback', title: 'Track order', payload: 'TRACK_ORDER', context: {}, standby: false }],
  'postback-get-started-referral': [
    { type: 'postback', title: 'Get Started', context: { Reference: 'flyer_vienna_03', Source: 'SHORTLINK' } },
  ],
  reaction: [{ type: 'reaction', action: 'react', emoji: '❤️', targetId: OWN_MID, occurredAt: 1781516400330 }],
  'reaction-removed': [{ type: 'reaction', action: 'unreact', targetId: OWN_MID }],
  read: [{ type: 'read', watermark: 1781515851744 }],
  referral: [line('referral', { ref: 'support_page', source: 'SHORTLINK' }, true)],
  'referral-ad': [
    line('referral', {
      ref: 'summer_2026',
      source: 'ADS',
      adId: '120218844093710552',
      adTitle: 'Summer bikes',
      postId: '104829637715402_998201746653310',
      productId: '5820194477310266',
      flowId: '742910385561207',
    }),
  ],
  'response-feedback': [line('response_feedback', { feedback: 'Good response', messageId: OWN_MID })],
  'standby-echo': [{ type: 'echo', origin: 'foreign', text: 'Connecting you now.', standby: true }],
  'standby-message': [said('Can I talk to a person?', { standby: true })],
  'standby-postback': [{ type: 'postback', title: 'Talk to us', payload: null, standby: true }],
  'standby-read': [{ type: 'read', watermark: 1781516692877 }],
  'unknown-attachment': [sent(part('unsupported', { details: lines({ Type: 'hologram' }) }))],
  'unknown-event': [{ type: 'unsupported', reason: 'Unknown event "galaxy_wave"' }],
};

describe('parseEvent', () => {
  it.each(webhookNames())('understands %s', (name) => {
    const expected = RECORDED[name];
    if (expected === undefined) throw new Error('nobody said what this body means');
    const events = eventsOf(webhook(name));
    expect(events).toHaveLength(expected.length);
    expect(events).toMatchObject(expected);
  });
});
