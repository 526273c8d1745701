import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeOf, filled, openTarget, type Target } from './target.js';

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});

afterAll(() => target.close());

/** Manual: "Sparse Indexes": a sparse index has entries only for documents, and elements, that have an indexed field. */
describe('sparse indexes over arrays', () => {
  test('elements without the field are not entered, so they cannot repeat', async () => {
    const rows = await filled(target, [{ d: [{ x: 1 }, { y: 1 }] }]);
    await rows.createIndex({ 'd.x': 1 }, { unique: true, sparse: true });
    await rows.insertOne({ _id: 2, d: [{ x: 2 }, { y: 1 }] });
    expect(await codeOf(rows.insertOne({ _id: 3, d: [{ y: 1 }, { x: 2 }] }))).toBe(11000);
    expect(Number(await rows.countDocuments({ 'd.y': 1 }))).toBe(2);
  });

  test('documents without the field are found by a walk', async () => {
    const rows = await filled(target, [{ d: [{ x: 1 }, {}] }, { d: [{}] }, {}]);
    await rows.createIndex({ 'd.x': 1 }, { sparse: true });
    const found = await rows.find({ 'd.x': null }, { sort: { _id: 1 } }).toArray();
    expect(found.map(({ _id }) => Number(_id))).toEqual([1, 2, 3]);
  });
});
