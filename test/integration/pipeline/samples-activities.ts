import { expect } from '@jest/globals';
import type { SampleCase, Shown } from './samples-messages.js';

const activity = (type: string, data: Shown, conversation: Shown = {}): Pick<SampleCase, 'threads'> => ({
  threads: [{ conversation, entries: [{ kind: 'activity', sender: { type: 'system' }, activity: { type, data } }] }],
});

const MARKETING = {
  kind: 'notification_messages',
  title: 'Tell me when it is back',
  payload: 'TOPIC:restock',
  timeZone: 'Europe/Vienna',
  expiresAt: 1804844500000,
};
const BLOCKED =
  'Facebook blocked this Page from sending: Messages from this Page were reported as unwanted by many recipients.';

/** Taps, what happened around the messages, and what the platform says about the whole Page. */
export const ACTIVITIES: Record<string, SampleCase> = {
  postback: { threads: [{ entries: [{ kind: 'postback', text: 'Track order', payload: 'TRACK_ORDER' }] }] },
  'postback-get-started-referral': {
    threads: [
      {
        externalId: '24918837460215539',
        entries: [
          {
            kind: 'postback',
            text: 'Get Started',
            payload: 'GET_STARTED',
            context: [
              { label: 'Reference', value: 'flyer_vienna_03' },
              { label: 'Source', value: 'SHORTLINK' },
            ],
          },
        ],
      },
    ],
  },
  'event-without-sender-id': {
    threads: [
      {
        externalId: 'user_ref:cart-90215-7f3a',
        conversation: { contact: { name: expect.stringMatching(/^Visitor/) } },
        entries: [{ kind: 'postback', text: 'Get Started', payload: 'GET_STARTED' }],
      },
    ],
  },
  referral: activity(
    'referral',
    { ref: 'support_page', source: 'SHORTLINK' },
    { reply: { lastInboundAt: 1781516340700 } },
  ),
  'referral-ad': activity(
    'referral',
    {
      ref: 'summer_2026',
      source: 'ADS',
      adId: '120218844093710552',
      adTitle: 'Summer bikes',
      postId: '104829637715402_998201746653310',
      productId: '5820194477310266',
      flowId: '742910385561207',
    },
    { reply: { lastInboundAt: null } },
  ),
  'optin-notification-messages': activity('optin', { ...MARKETING, status: 'opted_in' }),
  'optin-stop': activity('optin', { ...MARKETING, status: 'stopped' }),
  'optin-checkbox': activity('optin', { kind: 'plugin', status: 'opted_in', ref: 'checkout' }),
  'handover-pass': activity(
    'handover',
    { control: 'pass', from: 'App 881304927755106', to: 'Switchboard', note: 'reason=human_requested' },
    { threadOwner: null },
  ),
  'handover-take': {
    with: ['handover-pass'],
    threads: [
      {
        conversation: { threadOwner: 'Page inbox' },
        entries: [
          { activity: { data: { control: 'pass' } } },
          { activity: { type: 'handover', data: { control: 'take', from: 'Switchboard', to: 'Page inbox' } } },
        ],
      },
    ],
  },
  'handover-take-idle': activity(
    'handover',
    { control: 'take', to: 'App 881304927755106' },
    { threadOwner: 'App 881304927755106' },
  ),
  'handover-request': activity(
    'handover',
    { control: 'request', to: 'App 881304927755106', note: 'campaign follow-up' },
    { threadOwner: null },
  ),
  'handover-app-roles': {
    threads: [],
    inbox: {
      notices: {
        app_roles: { at: new Date(1781516660002), data: { roles: { '729481550316284': ['primary_receiver'] } } },
      },
    },
  },
  'account-linked': activity('account_link', { status: 'linked' }),
  'account-unlinked': activity('account_link', { status: 'unlinked' }),
  'policy-enforcement': { threads: [], inbox: { hold: { reason: BLOCKED, until: null } } },
  'policy-enforcement-unblock': { with: ['policy-enforcement'], threads: [], inbox: { hold: null } },
  'policy-enforcement-warning': {
    threads: [],
    inbox: {
      hold: null,
      notices: {
        policy_enforcement: {
          data: { action: 'warning', reason: 'Some messages sent with a tag look promotional.' },
        },
      },
    },
  },
  feedback: activity('feedback', {
    question: 'case_5512_csat',
    kind: 'csat',
    score: '4',
    comment: 'Quick answer, thank you.',
  }),
  'response-feedback': {
    with: ['echo'],
    threads: [
      {
        entries: [
          { kind: 'message' },
          { activity: { type: 'response_feedback', data: { feedback: 'Good response' } } },
        ],
      },
    ],
  },
};

/** What means nothing here: stored, counted, shown nowhere. */
export const IGNORED = [
  'dashboard-test',
  'page-feed-change',
  'unknown-event',
  'other-object-instagram',
  'other-object-permissions',
  'other-object-whatsapp',
];
