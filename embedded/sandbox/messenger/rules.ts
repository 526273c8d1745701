import type { Ledger } from './ledger.js';
import type { Rule, RuleMatch, RuleMode } from './types.js';

/** What a call or an event is, as rules see it. */
export interface Occasion {
  kind: Rule['kind'];
  pageId: string | null;
  personId: string | null;
  text: string | null;
  event?: string;
}

/** Modes of one family exclude each other: the first rule of each that matches applies. */
const FAMILY: Record<RuleMode['type'], 'answer' | 'usage' | 'echo' | 'webhook'> = {
  duplicate: 'webhook',
  reorder: 'webhook',
  drop: 'webhook',
  delay: 'answer',
  http_error: 'answer',
  hang: 'answer',
  close: 'answer',
  error: 'answer',
  rate_limit: 'answer',
  usage: 'usage',
  echo: 'echo',
};

const WEBHOOK_MODES = new Set<RuleMode['type']>(['duplicate', 'reorder', 'drop', 'delay']);

/** Says why a mode cannot be had for a kind of occasion; null: it can. */
export function misplaced(kind: Rule['kind'], mode: RuleMode): string | null {
  if (kind === 'webhook') {
    return WEBHOOK_MODES.has(mode.type)
      ? null
      : `"${mode.type}" is for Graph calls; webhooks know ${[...WEBHOOK_MODES].join(', ')}`;
  }
  if (mode.type === 'echo') return kind === 'send' ? null : 'echo rules belong to kind "send"';
  return FAMILY[mode.type] === 'webhook' ? `"${mode.type}" belongs to kind "webhook"` : null;
}

/**
 * Takes the rules that apply to one occasion, the oldest of each family, and counts them down. What was taken is gone even
 * if the process dies now: the journal has it.
 */
export function takeRules(ledger: Ledger, occasion: Occasion): Rule[] {
  const taken = new Map<string, Rule>();
  for (const rule of ledger.rules) {
    const family = FAMILY[rule.mode.type];
    if (!taken.has(family) && applies(rule, occasion)) taken.set(family, rule);
  }
  if (taken.size === 0) return [];
  const used = new Set([...taken.values()].map(({ id }) => id));
  const counted = [...taken.values()].some(({ times }) => times !== null);
  if (counted) {
    const rules = ledger.rules
      .map((rule) => (used.has(rule.id) && rule.times !== null ? { ...rule, times: rule.times - 1 } : rule))
      .filter(({ times }) => times === null || times > 0);
    ledger.write({ type: 'rules', rules });
  }
  return [...taken.values()];
}

/** The mode of a given type among rules that were taken. */
export function modeOf<T extends RuleMode['type']>(
  rules: readonly Rule[],
  type: T,
): Extract<RuleMode, { type: T }> | undefined {
  return rules.map(({ mode }) => mode).find((mode): mode is Extract<RuleMode, { type: T }> => mode.type === type);
}

function applies(rule: Rule, occasion: Occasion): boolean {
  const isWebhook = occasion.kind === 'webhook';
  if (rule.kind === 'any' ? isWebhook : rule.kind !== occasion.kind) return false;
  return matches(rule.match, occasion);
}

function matches(match: RuleMatch, occasion: Occasion): boolean {
  return (
    (match.pageId === undefined || match.pageId === occasion.pageId) &&
    (match.personId === undefined || match.personId === occasion.personId) &&
    (match.event === undefined || match.event === occasion.event) &&
    (match.text === undefined || (occasion.text?.includes(match.text) ?? false))
  );
}
