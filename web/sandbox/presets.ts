import type { Mode } from './types.js';

/** One switch of the drawer: what it says, and the rule it makes. */
export interface Preset {
  label: string;
  kind: string;
  mode: Mode;
  event?: string;
}

export const WEBHOOK_PRESETS: readonly Preset[] = [
  { label: 'Deliver twice', kind: 'webhook', mode: { type: 'duplicate', copies: 1 } },
  { label: 'Swap with the next', kind: 'webhook', mode: { type: 'reorder' } },
  { label: 'Hold for 5 s', kind: 'webhook', mode: { type: 'delay', ms: 5000 } },
  { label: 'Lose it', kind: 'webhook', mode: { type: 'drop' } },
];

export const SEND_PRESETS: readonly Preset[] = [
  { label: 'Take it, never answer', kind: 'send', mode: { type: 'hang', accepted: true } },
  { label: 'Sent, but says error 1', kind: 'send', mode: { type: 'error', code: 1, subcode: 1357046, accepted: true } },
  { label: 'Sent, but says 500', kind: 'send', mode: { type: 'http_error', status: 500, accepted: true } },
  { label: 'Sent, then cut the line', kind: 'send', mode: { type: 'close', accepted: true } },
  { label: 'Cut the line', kind: 'send', mode: { type: 'close', accepted: false } },
  { label: '503', kind: 'send', mode: { type: 'http_error', status: 503 } },
  { label: '502 as HTML', kind: 'send', mode: { type: 'http_error', status: 502, html: true } },
  { label: 'Answer after 5 s', kind: 'send', mode: { type: 'delay', ms: 5000 } },
  { label: 'Rate limit, 1 min', kind: 'send', mode: { type: 'rate_limit', minutes: 1 } },
  { label: 'Usage at 86 %', kind: 'send', mode: { type: 'usage', percent: 86 } },
];

export const ECHO_PRESETS: readonly Preset[] = [
  { label: 'Without metadata', kind: 'send', mode: { type: 'echo', how: 'bare' } },
  { label: 'Before the answer', kind: 'send', mode: { type: 'echo', how: 'before_answer' } },
  { label: '10 s late', kind: 'send', mode: { type: 'echo', how: 'late', ms: 10_000 } },
  { label: 'Never', kind: 'send', mode: { type: 'echo', how: 'never' } },
];

const WORDS: Record<string, (mode: Mode) => string> = {
  duplicate: ({ copies }) => `delivered ${Number(copies) + 1} times`,
  reorder: () => 'swapped with the next',
  drop: () => 'lost',
  delay: ({ ms }) => `${Number(ms) / 1000} s late`,
  http_error: ({ status, html }) => `HTTP ${String(status)}${html === true ? ' as HTML' : ''}`,
  hang: () => 'never answered',
  close: () => 'line cut',
  error: ({ code, subcode }) => `error ${String(code)}${subcode === null ? '' : `/${String(subcode)}`}`,
  rate_limit: ({ minutes }) => `rate limit for ${String(minutes)} min`,
  usage: ({ percent }) => `usage headers at ${String(percent)} %`,
  echo: ({ how, ms }) =>
    ({ bare: 'echo without metadata', before_answer: 'echo before the answer', never: 'no echo' })[String(how)] ??
    `echo ${Number(ms) / 1000} s late`,
};

/** A rule in words. */
export function ruleText(kind: string, mode: Mode): string {
  const what = kind === 'webhook' ? 'Webhook' : kind === 'any' ? 'Any call' : `Call "${kind}"`;
  const how = WORDS[mode.type]?.(mode) ?? mode.type;
  return `${what}: ${how}${mode.accepted === true ? ', message sent' : ''}`;
}
