import { BSONRegExp, BSONSymbol, compareValues, StoreError } from '../values/index.js';
import type { Test } from './reach.js';

/** Tests strings against the expression; a stored regular expression matches when it is the same one. */
export function compileRegex(regex: BSONRegExp): Test {
  const expression = translate(regex);
  return (value) => {
    if (typeof value === 'string') return expression.test(value);
    if (value instanceof BSONSymbol) return expression.test(value.value);
    return value instanceof BSONRegExp && compareValues(value, regex) === 0;
  };
}

function translate({ pattern, options }: BSONRegExp): RegExp {
  const unknown = [...options].find((option) => !'imsu'.includes(option));
  if (unknown !== undefined) throw new StoreError(51108, `invalid flag in regex options: ${unknown}`);
  try {
    return new RegExp(pattern, options.replace('u', ''));
  } catch (error) {
    throw new StoreError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}
