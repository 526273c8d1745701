import { describe, expect, it } from '@jest/globals';
import { rank } from '../../../../../web/inbox/logic/fuzzy.js';
import { commandLines, groupLines, step } from '../../../../../web/inbox/logic/palette.js';

const line = (label: string, group: string, hint?: string) => ({
  id: `${group}.${label}`,
  label,
  group,
  ...(hint === undefined ? {} : { hint }),
  run: () => undefined,
});

it('ranks the beginning before a word’s beginning, before its inside, before scattered letters', () => {
  const texts = ['Go to settings', 'Unset', 'Settings', 'Send tests', 'Inbox'];
  expect(rank('set', texts, (text) => text)).toEqual(['Settings', 'Go to settings', 'Unset', 'Send tests']);
});

it('wants every word of the query, in any order and without marks', () => {
  const texts = ['Zoë Ärmel', 'Zoë Other'];
  expect(rank('armel zoe', texts, (text) => text)).toEqual(['Zoë Ärmel']);
  expect(rank('', texts, (text) => text)).toEqual(texts);
});

describe('the palette', () => {
  it('leaves out what means nothing when it is picked', () => {
    const command = { label: 'x', group: 'g', run: () => undefined };
    const lines = commandLines([
      { id: 'a', ...command },
      { id: 'b', keysOnly: true, ...command },
      { id: 'c', inDialogs: true, ...command },
    ]);
    expect(lines.map(({ id }) => id)).toEqual(['a']);
  });

  it('shows some of each group at first, and with a query the best, their group first', () => {
    const many = Array.from({ length: 20 }, (_, n) => line(`Conversation ${n}`, 'Conversations', 'about bikes'));
    const lines = [line('Write a note', 'Inbox'), ...many, line('Bikes', 'Views')];
    expect(groupLines('', lines).map(({ name, lines: shown }) => [name, shown.length])).toEqual([
      ['Inbox', 1],
      ['Conversations', 6],
      ['Views', 1],
    ]);
    const found = groupLines('bikes', lines);
    expect(found.map(({ name }) => name)).toEqual(['Views', 'Conversations']);
    expect(found[1]?.lines).toHaveLength(20);
    expect(groupLines('nothing like it', lines)).toEqual([]);
  });

  it('goes around the ends', () => {
    expect([step(0, -1, 3), step(2, 1, 3), step(0, 1, 0)]).toEqual([2, 0, 0]);
  });
});
