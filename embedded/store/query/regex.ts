import { BSONRegExp, BSONSymbol, compareValues, StoreError } from '../values/index.js';
import type { Test } from './reach.js';
import { Expression } from './regex-engine.js';
import { RegexTranslator, type RegexOptions } from './regex-syntax.js';

/** Tests strings against the expression; a stored regular expression matches when it is the same one. */
export function compileRegex(regex: BSONRegExp): Test {
  const expression = translate(regex);
  return (value) => {
    if (typeof value === 'string') return expression.test(value);
    if (value instanceof BSONSymbol) return expression.test(value.value);
    return value instanceof BSONRegExp && compareValues(value, regex) === 0;
  };
}

/** Longest pattern in characters (MongoDB's limit, in bytes). */
const MAX_PATTERN = 32_764;

function translate({ pattern, options }: BSONRegExp): Expression {
  if (pattern.length > MAX_PATTERN) throw new StoreError(2, 'Regular expression is too long');
  const unknown = [...options].find((option) => !'imsxu'.includes(option));
  if (unknown !== undefined) throw new StoreError(51108, `invalid flag in regex options: ${unknown}`);
  const { flags, rest } = leadingFlags(pattern);
  const all = options + flags;
  const parsed: RegexOptions = {
    multiline: all.includes('m'),
    dotAll: all.includes('s'),
    extended: all.includes('x'),
    ignoreCase: all.includes('i'),
  };
  const translation = new RegexTranslator(rest, parsed).translate();
  try {
    return new Expression(translation, parsed.ignoreCase);
  } catch (error) {
    throw new StoreError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

/** `(?i)` at the very start is the same as an option. */
function leadingFlags(pattern: string): { flags: string; rest: string } {
  const found = /^\(\?([imsx]+)\)/.exec(pattern);
  return { flags: found?.[1] ?? '', rest: pattern.slice(found?.[0].length ?? 0) };
}
