import { expect } from '@jest/globals';

/** What an entry of the thread has to show; what is not named may be anything. */
export type Shown = Record<string, unknown>;

/** What becomes of one sample. */
export interface SampleCase {
  /** Other samples that it is about; all are sent in the order of their times. */
  with?: string[];
  /** Every thread afterwards, with every entry in reading order. */
  threads?: { externalId?: string; page?: string; conversation?: Shown; entries: Shown[] }[];
  /** The Page of the sample. */
  inbox?: Shown;
}

export const contact = (shown: Shown): Shown => ({
  kind: 'message',
  sender: { type: 'contact' },
  tick: null,
  ...shown,
});
export const page = (name: string, shown: Shown): Shown => ({
  kind: 'message',
  sender: { type: 'agent', name },
  tick: 'sent',
  ...shown,
});
const files = (...attachments: Shown[]): Shown => contact({ text: null, attachments });
export const one = (...entries: Shown[]): Pick<SampleCase, 'threads'> => ({ threads: [{ entries }] });
export const stored = (kind: string, mimeType: string, name: string): Shown => ({
  kind,
  mimeType,
  name,
  state: 'stored',
});
export const labelled = (labels: Record<string, string>): Shown[] =>
  Object.entries(labels).map(([label, value]) => ({ label, value }));

export const OUR_APP = 'App 729481550316284';
const QUESTION = 'Hi, is the blue bicycle still in stock?';
const EDITED = 'Hi, is the green bicycle still in stock?';
export const ANSWER = 'Yes, two are left. Which size do you need?';
const STICKER = stored('sticker', 'image/png', '470883012_sticker_n.png');

/** Messages of people and what happens to them. */
export const MESSAGES: Record<string, SampleCase> = {
  'message-text': {
    threads: [
      {
        externalId: '7364019285520143',
        page: '5402',
        conversation: {
          status: 'open',
          contact: { name: 'Lena 0143' },
          contactMessageCount: 1,
          lastMessage: { preview: QUESTION, senderType: 'contact', at: 1781515800118 },
          reply: { lastInboundAt: 1781515800118 },
        },
        entries: [contact({ text: QUESTION, orderAt: 1781515800118 })],
      },
    ],
  },
  'message-text-unicode': one(
    contact({ text: 'Grüß Gott! Größe „L“ für 50 % Rabatt? 🚲 <b>ok</b> http://a.example/b' }),
  ),
  'message-nlp': one(
    contact({ text: 'Hello, can you call me tomorrow at 10am?', context: labelled({ Language: 'en_XX' }) }),
  ),
  'message-command': one(contact({ text: '/orders', context: labelled({ Command: 'orders' }) })),
  'message-quick-reply': one(contact({ text: 'Delivery', payload: 'SHIP_CHOICE:delivery' })),
  'message-reply-to': {
    with: ['echo'],
    ...one(page(OUR_APP, { text: ANSWER }), contact({ text: 'Yes, this one please', replyTo: { preview: ANSWER } })),
  },
  'message-referral-product': one(
    contact({ text: 'Is this available in size L?', context: labelled({ Product: '5820194477310266' }) }),
  ),
  'message-ad-referral': one(
    contact({
      text: 'Tell me more',
      context: labelled({
        Reference: 'summer_2026',
        Source: 'ADS',
        Ad: '120218844093710552',
        'Ad title': 'Summer bikes',
        Post: '104829637715402_998201746653310',
      }),
    }),
  ),
  'message-image': one(files(stored('image', 'image/png', '471120938_1187240269553411_n.jpg'))),
  'message-images-multiple': one(
    files(
      stored('image', 'image/png', '471120941_1187240269553421_n.jpg'),
      stored('image', 'image/png', '471120942_1187240269553422_n.jpg'),
      stored('image', 'image/png', '471120943_1187240269553423_n.jpg'),
    ),
  ),
  'message-video': one(files(stored('video', 'video/mp4', '470992817_943310218_n.mp4'))),
  'message-audio': one(files(stored('audio', 'video/mp4', '470551206_voiceclip-1750000163.mp4'))),
  'message-file': one(files(stored('file', 'application/pdf', '470120663_invoice-2026-0615.pdf'))),
  'message-sticker': one(files(STICKER)),
  'message-sticker-legacy': one(files(STICKER)),
  'message-sticker-transition': one(files(STICKER)),
  'message-location': one(
    files({
      kind: 'location',
      name: 'Pinned Location',
      state: 'none',
      link: 'https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.bing.com%2Fmaps',
      details: labelled({ Latitude: '48.20849', Longitude: '16.37208' }),
    }),
  ),
  'message-reel': one(
    files({ kind: 'link', name: 'Workshop tour', link: 'https://www.facebook.com/reel/1039284756610293' }),
  ),
  'message-post-share': one(
    contact({
      text: 'How much is this one?',
      attachments: [{ kind: 'link', name: 'Post', state: 'stored', link: expect.stringContaining('470661234_post_n') }],
    }),
  ),
  'message-fallback-link': one(
    contact({
      text: 'https://shop.example.com/bikes/blue-29',
      attachments: [
        { kind: 'link', name: 'Blue 29-inch bicycle', state: 'none', link: 'https://shop.example.com/bikes/blue-29' },
      ],
    }),
  ),
  'message-fallback-no-payload': one(files({ kind: 'unsupported', name: 'Shared content', state: 'none' })),
  'message-appointment-booking': one(
    files({
      kind: 'appointment',
      name: 'Appointment',
      state: 'none',
      details: labelled({
        Status: 'requested',
        Start: '18 Jun 2026, 12:00',
        End: '18 Jun 2026, 13:00',
        'Time zone': 'Europe/Vienna',
        Booking: '3391027746180552',
      }),
    }),
  ),
  'message-template-product': one(
    files({
      ...stored('template', 'image/png', 'Blue 29-inch bicycle'),
      details: labelled({
        Description: 'EUR 649.00',
        Product: '5820194477310266',
        'Article number': 'BIKE-29-BLUE',
      }),
    }),
  ),
  'message-empty': one(files({ kind: 'unsupported', state: 'none' })),
  'unknown-attachment': one(files({ kind: 'unsupported', state: 'none', details: labelled({ Type: 'hologram' }) })),
  edit: {
    with: ['message-text'],
    threads: [
      {
        conversation: { lastMessage: { preview: EDITED, at: 1781515800118 } },
        entries: [contact({ text: EDITED, edited: true, orderAt: 1781515800118 })],
      },
    ],
  },
  'message-deleted': {
    with: ['message-text', 'edit'],
    threads: [
      {
        conversation: { lastMessage: { preview: '', at: 1781515800118 } },
        entries: [contact({ text: null, unsent: true, orderAt: 1781515800118 })],
      },
    ],
  },
  'duplicate-mid': { with: ['message-text'], ...one(contact({ text: QUESTION })) },
  'duplicate-mid-same-batch': one(contact({ text: 'sent once' })),
  'batch-two-pages': {
    threads: [
      { externalId: '24918837460215539', page: '7731', entries: [contact({ text: 'Opening hours on Sunday?' })] },
      { externalId: '6120947735518862', page: '5402', entries: [contact({ text: 'Do you ship to Graz?' })] },
      { externalId: '7364019285520143', page: '5402', entries: [contact({ text: 'First question' })] },
    ],
  },
  'batch-mixed-out-of-order': one(
    page(OUR_APP, { text: 'How can I help?', tick: 'read' }),
    contact({ text: 'first line' }),
    contact({ text: 'second line' }),
  ),
};
