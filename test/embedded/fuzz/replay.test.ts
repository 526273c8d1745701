import { describe, expect, test } from '@jest/globals';
import type { Decided } from './decision.js';
import { decisions, repaired } from './decisions/index.js';
import { ours } from './ours.js';
import { show } from './show.js';

/** Asks the store again and compares with what was decided, types of numbers and order of fields included. */
async function replay(decided: Decided): Promise<void> {
  const outcome = await ours.ask(decided.question);
  const answer = 'value' in outcome ? show(outcome.value) : 'refused' in outcome ? `refused ${outcome.code}` : 'silent';
  expect(answer).toBe('value' in decided ? show(decided.value) : `refused ${decided.code}`);
}

const rows = decisions.flatMap(({ id, source, cases }) => cases.map((decided) => [id, source, decided] as const));

describe('decided disagreements', () => {
  test.each(rows)('%s (%s)', (_id, _source, decided) => replay(decided));

  test('each has a name of its own and a case', () => {
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(decisions.length);
    expect(decisions.filter(({ cases }) => cases.length === 0).map(({ id }) => id)).toEqual([]);
  });
});

describe('repaired faults', () => {
  test.each(repaired)('%s (%s)', (_says, _source, decided) => replay(decided));
});
