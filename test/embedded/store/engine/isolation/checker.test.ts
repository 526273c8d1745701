import { expect, test } from '@jest/globals';
import { anomalies, type Operation, type Recorded } from './checker.js';

let clock = 0;

const append = (key: string, value: string): Operation => ({ kind: 'append', key, value });
const read = (key: string, ...values: string[]): Operation => ({ kind: 'read', key, values });

/** Transactions that all run at the same time, unless told otherwise. */
function tx(name: string, operations: Operation[], more: Partial<Recorded> = {}): Recorded {
  return { name, operations, committed: true, began: 0, ended: 1_000_000 + clock++, ...more };
}

const kinds = (history: Recorded[], final: Record<string, string[]>): string[] => [
  ...new Set(anomalies(history, new Map(Object.entries(final))).map((line) => line.split(':')[0] ?? '')),
];

const writer = tx('W', [append('x', 'w1'), append('y', 'w2')]);
const bad: Array<[string, Recorded[], Record<string, string[]>]> = [
  ['lost', [writer], { x: ['w1'], y: [] }],
  ['aborted', [tx('A', [append('x', 'a')], { committed: false })], { x: ['a'] }],
  ['doubled', [tx('A', [append('x', 'a')])], { x: ['a', 'a'] }],
  ['invented', [], { x: ['from nowhere'] }],
  ['dirty', [tx('A', [append('x', 'a')], { committed: false }), tx('R', [read('x', 'a')])], { x: [] }],
  ['dirty', [tx('A', [append('x', '1')]), tx('B', [append('x', '2')]), tx('R', [read('x', '2')])], { x: ['1', '2'] }],
  ['unrepeatable', [writer, tx('R', [read('x'), read('x', 'w1')])], { x: ['w1'], y: ['w2'] }],
  ['own writes', [tx('A', [append('x', 'a'), read('x')])], { x: ['a'] }],
  ['fractured', [writer, tx('R', [read('x', 'w1'), read('y')])], { x: ['w1'], y: ['w2'] }],
  ['lost update', [tx('A', [read('x'), append('x', 'a')]), tx('B', [read('x'), append('x', 'b')])], { x: ['a', 'b'] }],
  ['stale', [tx('A', [append('x', 'a')], { ended: 1 }), tx('R', [read('x')], { began: 2 })], { x: ['a'] }],
  [
    'fork',
    [
      tx('A', [append('x', 'a')]),
      tx('B', [append('y', 'b')]),
      tx('R', [read('x', 'a'), read('y')]),
      tx('S', [read('x'), read('y', 'b')]),
    ],
    { x: ['a'], y: ['b'] },
  ],
];

test.each(bad)('finds: %s', (kind, history, final) => {
  expect(kinds(history, final)).toContain(kind);
});

test('finds nothing in what snapshot isolation allows, write skew among it', () => {
  const skew = [
    tx('A', [read('x'), read('y'), append('x', 'a')]),
    tx('B', [read('x'), read('y'), append('y', 'b')]),
    tx('C', [read('x', 'a'), append('x', 'c'), read('x', 'a', 'c')], { committed: true }),
    tx('D', [append('x', 'd'), read('x', 'd')], { committed: false }),
  ];
  expect(kinds(skew, { x: ['a', 'c'], y: ['b'] })).toEqual([]);
});
