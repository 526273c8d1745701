import type { Case } from '../case.js';
import type { Random } from '../random.js';
import { distinctCase, filterCase, projectionCase, sortCase } from './filters.js';
import { expressionCase, pipelineCase } from './pipelines.js';
import { updateCase } from './updates.js';

export { filterCase } from './filters.js';
export { refusedCase, type RefusedCase } from './refused.js';

/** One question inside the allow-list. */
export function anyCase(r: Random): Case {
  return r.choose<Case>([
    [34, () => filterCase(r)],
    [24, () => updateCase(r)],
    [16, () => expressionCase(r)],
    [12, () => pipelineCase(r)],
    [6, () => projectionCase(r)],
    [6, () => sortCase(r)],
    [2, () => distinctCase(r)],
  ]);
}
