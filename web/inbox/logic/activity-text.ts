import { CONVERSATION_STATUSES } from '../../../src/shared/conversation-status.js';
import { formatList } from '../i18n/formats.js';
import { textFor, type Words } from '../i18n/instance.js';
import { senderName } from './names.js';
import type { ActivityDto, MessageDto } from '../../../src/shared/schemas/message.js';

/**
 * One slim line for an activity entry. An entry that brings its own text is shown with it; a known type gets a sentence;
 * anything else is named after its type, so that a new kind of activity is never hidden.
 */
export function activityText(words: Words, message: Pick<MessageDto, 'text' | 'activity' | 'sender'>): string {
  if (message.text !== null && message.text !== '') return message.text;
  const { activity } = message;
  if (activity === null) return words.t('list:noMessages');
  return sentence(words, activity, senderName(words, message.sender)) ?? humanise(activity.type);
}

/** What an activity sentence is made of. */
interface Facts {
  words: Words;
  /** Who did it. */
  by: string;
  /** A field of the activity; null: it is not filled. */
  get: (field: string) => string | null;
}

function sentence(words: Words, activity: ActivityDto, senderName: string): string | null {
  const get = (field: string): string | null => {
    const value = activity.data[field] ?? '';
    return value === '' ? null : String(value);
  };
  const by = get('by') ?? senderName;
  return sentences[activity.type]?.({ words, by, get }) ?? ownSentence(words, activity, by);
}

/**
 * The sentence of a type called `<area>.<what>` stands in that area's texts as `activity.<what>` and is filled with the
 * activity's data; lines of a value are told as a list.
 */
function ownSentence(words: Words, { type, data }: ActivityDto, by: string): string | null {
  const [, area, what] = /^([a-z]+)\.(\w+)$/.exec(type) ?? [];
  if (area === undefined || what === undefined) return null;
  const told = Object.entries(data).flatMap(([name, value]): [string, string | number][] => {
    if (typeof value === 'string') return [[name, formatList(words.language, value.split('\n'))]];
    return typeof value === 'number' ? [[name, value]] : [];
  });
  return textFor(words, `${area}:activity.`, what, { ...Object.fromEntries(told), by });
}

/** Sentences that need more than the data of their activity; the server writes `status`, `assigned` and `unassigned` itself. */
const sentences: Record<string, (facts: Facts) => string> = {
  status: ({ words, by, get }) => words.t('activity:status', { by, status: statusName(words, get('to')) }),
  assigned: ({ words, by, get }) =>
    get('to') === by
      ? words.t('activity:took', { by })
      : words.t('activity:assigned', { by, to: get('to') ?? words.t('common:person.somebody') }),
  unassigned: ({ words, by }) => words.t('activity:unassigned', { by }),
  referral: ({ words, get }) => {
    const source = textFor(words, 'activity:source.', get('source') ?? '') ?? words.t('activity:source.unknown');
    return withDetail(words, words.t('activity:referral', { source }), get('adTitle') ?? get('ref'));
  },
  optin: ({ words, get }) =>
    withDetail(
      words,
      get('status') === 'stopped' ? words.t('activity:optin.stopped') : words.t('activity:optin.agreed'),
      get('title') ?? get('ref'),
    ),
  handover: ({ words, get }) => {
    const to = get('to');
    if (to === null) return words.t('activity:handover.nobody');
    return get('control') === 'request'
      ? words.t('activity:handover.asks', { to })
      : words.t('activity:handover.passed', { to });
  },
  account_link: ({ words, get }) =>
    get('status') === 'unlinked' ? words.t('activity:accountLink.unlinked') : words.t('activity:accountLink.linked'),
  feedback: ({ words, get }) =>
    withDetail(words, withDetail(words, words.t('activity:feedback'), get('score')), get('comment')),
  response_feedback: ({ words, get }) => withDetail(words, words.t('activity:responseFeedback'), get('feedback')),
};

const withDetail = (words: Words, sentence: string, detail: string | null): string =>
  detail === null ? sentence : words.t('activity:withDetail', { sentence, detail });

function statusName(words: Words, value: string | null): string {
  const known = CONVERSATION_STATUSES.find((status) => status === value);
  return known === undefined ? (value ?? words.t('common:none')) : words.t(`conversation:status.${known}`);
}

function humanise(type: string): string {
  const name = type
    .replaceAll(/[._-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return name.charAt(0).toUpperCase() + name.slice(1);
}
