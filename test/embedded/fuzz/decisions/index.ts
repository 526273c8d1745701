import type { Decision } from '../decision.js';
import { expressionDecisions } from './expressions.js';
import { filterPathDecisions } from './filter-paths.js';
import { filterDecisions } from './filters.js';
import { ourRefusals } from './our-refusals.js';
import { shapeDecisions } from './shapes.js';
import { stageDecisions } from './stages.js';
import { theirRefusals } from './their-refusals.js';
import { updateDecisions } from './updates.js';

export { repaired } from './repaired.js';

/** Every kind of disagreement that has been looked at. */
export const decisions: readonly Decision[] = [
  ...filterDecisions,
  ...filterPathDecisions,
  ...shapeDecisions,
  ...updateDecisions,
  ...stageDecisions,
  ...expressionDecisions,
  ...theirRefusals,
  ...ourRefusals,
];
