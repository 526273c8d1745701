import { isNumber, typeName, type Value } from '../../values/index.js';
import { toBool, toDate, toDecimalValue, toDoubleValue, toInteger, toObjectId, toText } from '../convert.js';
import { fixed, isNullish, type OperatorCompiler } from '../evaluate.js';

function converting(convert: (value: Value) => Value): OperatorCompiler {
  return fixed(1, ([value]) => (isNullish(value) ? null : convert(value!)));
}

/** `$type`, `$isNumber`, `$isArray` and the conversions. */
export const typeOperators: Record<string, OperatorCompiler> = {
  $type: fixed(1, ([value]) => (value === undefined ? 'missing' : typeName(value))),
  $isNumber: fixed(1, ([value]) => isNumber(value)),
  $isArray: fixed(1, ([value]) => Array.isArray(value)),
  $toString: converting(toText),
  $toInt: converting((value) => toInteger(value, 'int')),
  $toLong: converting((value) => toInteger(value, 'long')),
  $toDouble: converting(toDoubleValue),
  $toDecimal: converting(toDecimalValue),
  $toBool: converting(toBool),
  $toObjectId: converting(toObjectId),
  $toDate: converting(toDate),
};
