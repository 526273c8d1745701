import { integer, parseLossless, record, records, type Json } from './fields.js';

const SLOW_DOWN_AT = 80;
const STOP_AT = 95;
/** How long to stop when Meta names no time. */
const STOP_MS = 60_000;
const PER_PERCENT_MS = 1_000;

/** What the usage headers say: the highest of the percentages, and the wait that is asked for. */
export interface Usage {
  percent: number;
  regainMs: number | null;
}

/**
 * Reads `X-App-Usage` and `X-Business-Use-Case-Usage` (Meta's page "Rate Limits"): JSON texts, percent of the limit; the second
 * one lists by business or Page id and names the minutes until calls are let through again.
 */
export function readUsage(headers: Record<string, unknown>): Usage {
  const byCase = Object.values(parseHeader(headers['x-business-use-case-usage'])).flatMap(records);
  const all = [parseHeader(headers['x-app-usage']), ...byCase];
  const minutes = Math.max(0, ...byCase.map((usage) => integer(usage.estimated_time_to_regain_access) ?? 0));
  return {
    percent: Math.max(0, ...all.map(highest)),
    regainMs: minutes > 0 ? minutes * 60_000 : null,
  };
}

function highest(usage: Json): number {
  const shares = [usage.call_count, usage.total_cputime, usage.total_time];
  return Math.max(...shares.map((share) => (typeof share === 'number' ? share : 0)));
}

function parseHeader(value: unknown): Json {
  if (typeof value !== 'string') return {};
  try {
    return record(parseLossless(value)) ?? {};
  } catch {
    return {};
  }
}

/** Until when to hold sends, milliseconds since the epoch: a breath from 80 % on, a stop from 95 % on; null: go on. */
export function holdUntil(usage: Usage, now: number): number | null {
  if (usage.percent >= STOP_AT) return now + (usage.regainMs ?? STOP_MS);
  if (usage.percent >= SLOW_DOWN_AT) return now + (usage.percent - SLOW_DOWN_AT + 1) * PER_PERCENT_MS;
  return null;
}
