import { describe, expect, it } from '@jest/globals';
import type { ReplyContext } from '../../../../../src/shared/schemas/conversation.js';
import { activityText } from '../../../../../web/inbox/logic/activity-text.js';
import { linkHost } from '../../../../../web/inbox/logic/link-host.js';
import { holdText, replyNotice } from '../../../../../web/inbox/logic/reply-notice.js';
import { fileSize, hashIndex, initials } from '../../../../../web/inbox/logic/text.js';
import { dayLabel, durationText, momentText, shortTime } from '../../../../../web/inbox/logic/time.js';
import english from '../../../../../web/inbox/locales/en/index.js';
import { createWords } from '../../../../../web/inbox/i18n/instance.js';
import { buildMessage } from '../builders.js';

const words = createWords('en-GB');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Local time, like everything an agent reads. */
const NOW = new Date(2026, 10, 21, 14, 30).getTime();

describe('durationText', () => {
  it.each([
    [3 * HOUR + 12 * MINUTE, '3 hrs 12 mins'],
    [3 * HOUR, '3 hrs'],
    [12 * MINUTE + 59_999, '12 mins'],
    [59_999, 'less than a minute'],
    [47 * HOUR, '47 hrs'],
    [6 * DAY + 3 * HOUR, '6 days 3 hrs'],
    [2 * DAY, '2 days'],
  ])('%d ms: %s', (ms, text) => expect(durationText(words, ms)).toBe(text));
});

describe('replyNotice', () => {
  const context = (change: Partial<ReplyContext>): { reply: ReplyContext } => ({
    reply: {
      windowMs: DAY,
      humanAgentMs: null,
      lastInboundAt: NOW - HOUR,
      blocked: false,
      disconnected: false,
      closed: false,
      ...change,
    },
  });

  it('says nothing where there is no window', () => {
    expect(replyNotice(words, context({ windowMs: null }), NOW)).toEqual({ canReply: true, tone: 'quiet', text: null });
  });

  it('counts down', () => {
    expect(replyNotice(words, context({ lastInboundAt: NOW - 20 * HOUR - 48 * MINUTE }), NOW)).toEqual({
      canReply: true,
      tone: 'quiet',
      text: 'You can reply for 3 hrs 12 mins',
    });
  });

  it('urges in the last hour', () => {
    expect(replyNotice(words, context({ lastInboundAt: NOW - 23.5 * HOUR }), NOW).tone).toBe('hint');
  });

  it('tells a person that only a person may answer now', () => {
    const notice = replyNotice(words, context({ humanAgentMs: 7 * DAY, lastInboundAt: NOW - 25 * HOUR }), NOW);
    expect(notice).toMatchObject({ canReply: true, tone: 'hint' });
    expect(notice.text).toContain('5 days 23 hrs');
  });

  it('says why and since when replies are closed', () => {
    const notice = replyNotice(words, context({ lastInboundAt: NOW - 26 * HOUR }), NOW);
    expect(notice).toMatchObject({ canReply: false, tone: 'closed' });
    expect(notice.text).toContain('today at 12:30');
  });

  it.each(['blocked', 'disconnected', 'closed'] as const)('explains: %s', (reason) => {
    const notice = replyNotice(words, context({ [reason]: true }), NOW);
    expect(notice.canReply).toBe(false);
    expect(notice.text).toBe(english.reply.refusal[reason === 'closed' ? 'archived' : reason]);
  });

  it('opens and closes at the exact moment', () => {
    const reply = context({ lastInboundAt: NOW - DAY });
    expect(replyNotice(words, reply, NOW - 1).canReply).toBe(true);
    expect(replyNotice(words, reply, NOW).canReply).toBe(false);
  });
});

describe('holdText', () => {
  const reasons = ['rate_limited', 'needs_reauthorisation', 'misconfigured', 'policy'] as const;

  it.each(reasons)('says what happened instead of the code: %s', (reason) => {
    const text = holdText(words, { reason, until: null }, NOW);
    expect(text).toBe(`${english.reply.hold[reason]} What you write is kept and leaves by itself as soon as it can.`);
    expect(text).not.toContain(reason);
  });

  it('tells when a hold with an end is over', () => {
    expect(holdText(words, { reason: 'rate_limited', until: NOW + HOUR }, NOW)).toMatch(
      /leaves by itself today at 15:30\.$/,
    );
  });

  it('never shows a code that it does not know, and always a sentence of the channel', () => {
    expect(holdText(words, { reason: 'account.frozen-2', until: null }, NOW)).toContain(english.reply.hold.unknown);
    const sentence = 'Facebook blocked this Page from sending: spam';
    expect(holdText(words, { reason: sentence, until: null }, NOW)).toBe(
      `${sentence}. What you write is kept and leaves by itself as soon as it can.`,
    );
  });

  it('says nothing without a hold or after its end', () => {
    expect(holdText(words, null, NOW)).toBeNull();
    expect(holdText(words, { reason: 'policy', until: NOW }, NOW)).toBeNull();
  });
});

describe('times', () => {
  it('names days', () => {
    expect(dayLabel(words, NOW - HOUR, NOW)).toBe('Today');
    expect(dayLabel(words, NOW - 15 * HOUR, NOW)).toBe('Yesterday');
    expect(dayLabel(words, new Date(2026, 10, 3, 8).getTime(), NOW)).toBe('Tuesday 3 November');
    expect(dayLabel(words, new Date(2025, 10, 3).getTime(), NOW)).toBe('3 November 2025');
  });

  it('shortens times for a list', () => {
    expect(shortTime(words, NOW - HOUR, NOW)).toBe('13:30');
    expect(shortTime(words, new Date(2026, 10, 17, 9).getTime(), NOW)).toBe('Tue');
    expect(shortTime(words, new Date(2026, 10, 3, 9).getTime(), NOW)).toBe('3 Nov');
    expect(shortTime(words, new Date(2025, 10, 3, 9).getTime(), NOW)).toBe('3 Nov 2025');
  });

  it('tells moments in sentences', () => {
    expect(momentText(words, NOW - DAY, NOW)).toBe('yesterday at 14:30');
    expect(momentText(words, new Date(2026, 10, 3, 9, 5).getTime(), NOW)).toBe('3 Nov at 09:05');
  });
});

describe('linkHost', () => {
  it('names the host of a web address and of nothing else', () => {
    expect(linkHost('https://shop.test/a')).toBe('shop.test');
    expect(linkHost('javascript:alert(1)')).toBeNull();
    expect(linkHost('not an address')).toBeNull();
  });
});

describe('activityText', () => {
  const activity = (type: string, data: Record<string, string | null>, text: string | null = null) =>
    activityText(words, {
      ...buildMessage('a', { text, sender: { type: 'system', id: null, name: 'System' } }),
      activity: { type, data },
    });

  it('tells those of an area by its own texts, several of something as a list', () => {
    const more = { shelf: { activity: { filled: '{{by}} put {{what}} on {{count, number}}' } } };
    const told = activityText(createWords('en-GB', { 'en-GB': more as never }), {
      ...buildMessage('a', { text: null, sender: { type: 'system', id: null, name: 'System' } }),
      activity: { type: 'shelf.filled', data: { by: 'Mara', what: 'nuts\nbolts', count: 2 } },
    });
    expect(told).toBe('Mara put nuts and bolts on 2');
    expect(activity('shelf.unheard', { by: 'Mara' })).toBe('Shelf unheard');
  });

  it('tells known activities in sentences', () => {
    expect(activity('status', { by: 'Mara', from: 'open', to: 'pending' })).toBe(
      'Mara set the status to “Waiting for customer”',
    );
    expect(activity('assigned', { by: 'Mara', to: 'Ida' })).toBe('Mara assigned the conversation to Ida');
    expect(activity('assigned', { by: 'Ida', to: 'Ida' })).toBe('Ida took the conversation');
    expect(activity('unassigned', { by: 'Ida', to: null })).toBe('Ida released the conversation');
    expect(activity('handover', { control: 'pass', to: 'Page inbox' })).toBe('The conversation went to Page inbox');
    expect(activity('handover', { control: 'request', to: 'Page inbox' })).toBe('Page inbox asks for the conversation');
    expect(activity('handover', { control: 'pass' })).toBe('No app has the conversation on the platform now');
    expect(activity('referral', { ref: 'spring-sale', source: 'SHORTLINK' })).toBe('Came back by a link: spring-sale');
    expect(activity('referral', { source: 'SOMETHING_NEW' })).toBe('Came back by a link or ad');
    expect(activity('optin', { status: 'stopped' })).toBe('Stopped receiving messages');
    expect(activity('feedback', { score: '5', comment: 'Fast!' })).toBe('Gave feedback: 5: Fast!');
  });

  it('shows an unknown activity by its name, and its own text where it has one', () => {
    expect(activity('policy_notice', {})).toBe('Policy notice');
    expect(activity('policy_notice', {}, 'The page was warned.')).toBe('The page was warned.');
  });
});

describe('small texts', () => {
  it('makes initials of any name', () => {
    expect(initials('Chloé van der Martin')).toBe('CM');
    expect(initials('ida')).toBe('I');
    expect(initials('  ')).toBe('?');
    expect(initials('🙂 Smile')).toBe('🙂S');
  });

  it('picks the same colour for the same text', () => {
    expect(hashIndex('contact', 8)).toBe(hashIndex('contact', 8));
    expect(hashIndex('contact', 8)).toBeLessThan(8);
  });

  it('writes sizes', () => {
    expect([12, 84_220, 9_800_000, 10 * 1024 * 1024].map((size) => fileSize(words, size))).toEqual([
      '12 byte',
      '82 kB',
      '9.3 MB',
      '10 MB',
    ]);
  });
});
