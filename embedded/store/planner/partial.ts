import { compileFilter, type Bounds } from '../query/index.js';
import { Doc, equalValues, type Value } from '../values/index.js';

/**
 * True when every document that matches the filter certainly lies in a partial index. Conservative: an index that is
 * not provably enough is not used.
 */
export function impliesPartial(filter: Doc, bounds: Map<string, Bounds>, partial: Doc): boolean {
  return [...partial].every(([field, condition]) => {
    if (field === '$and' && Array.isArray(condition)) {
      return condition.every((part) => part instanceof Doc && impliesPartial(filter, bounds, part));
    }
    const same = filter.get(field);
    if (same !== undefined && equalValues(same, condition)) return true;
    if (field.startsWith('$')) return false;
    const bound = bounds.get(field);
    return bound !== undefined && impliesCondition(bound, condition);
  });
}

function impliesCondition(bound: Bounds, condition: Value): boolean {
  if (bound.points !== undefined) {
    const matches = compileFilter(Doc.of([['value', condition]]));
    // Null stands for a missing field too.
    const nullMatches = matches(new Doc());
    return bound.points.every(
      (point) => !Array.isArray(point) && (point !== null || nullMatches) && matches(Doc.of([['value', point]])),
    );
  }
  const range = bound.range;
  if (range === undefined || !(condition instanceof Doc)) return false;
  return [...condition].every(([operator, operand]) => impliesOperator(range, operator, operand));
}

function impliesOperator(range: NonNullable<Bounds['range']>, operator: string, operand: Value): boolean {
  const test = (edge: Value, name: string): boolean =>
    compileFilter(Doc.of([['value', Doc.of([[name, operand]])]]))(Doc.of([['value', edge]]));
  const { min, max } = range;
  switch (operator) {
    case '$exists':
      return Boolean(operand) && (min ?? max ?? null) !== null;
    case '$type': {
      // A comparison only matches values of its operand's own type.
      const edge = min ?? max;
      return edge !== undefined && typeof edge !== 'number' && test(edge, '$type');
    }
    case '$gte':
      return min !== undefined && test(min, '$gte');
    case '$gt':
      return min !== undefined && (test(min, '$gt') || (!range.minInclusive && test(min, '$gte')));
    case '$lte':
      return max !== undefined && test(max, '$lte');
    case '$lt':
      return max !== undefined && (test(max, '$lt') || (!range.maxInclusive && test(max, '$lte')));
    default:
      return false;
  }
}
