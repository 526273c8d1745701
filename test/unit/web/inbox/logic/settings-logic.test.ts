import { randomFillSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { changesOf, differs, sortDetails } from '../../../../../web/inbox/logic/form-state.js';
import { newPassword } from '../../../../../web/inbox/logic/new-password.js';
import { nextSorting, searchRows, sortRows } from '../../../../../web/inbox/logic/table-rows.js';
import { Preferences } from '../../../../../web/inbox/stores/preferences.js';

describe('a form', () => {
  it('sorts what the server says to its fields', () => {
    const details = [
      { field: 'email', message: 'is not an e-mail address' },
      { field: 'allowedOrigins.1', message: 'must be an origin without a path' },
      { field: 'allowedOrigins.2', message: 'comes too late: the first says enough' },
      { field: 'password', message: 'is too short' },
    ];
    expect(sortDetails(details, ['name', 'email', 'allowedOrigins'])).toEqual({
      fields: {
        email: { item: null, message: 'is not an e-mail address' },
        allowedOrigins: { item: 1, message: 'must be an origin without a path' },
      },
      others: ['password is too short'],
    });
  });

  it('knows what has changed, also in lists', () => {
    const stored = { name: 'Ida', memberIds: ['a', 'b'] };
    expect(differs(stored, { name: 'Ida', memberIds: ['a', 'b'] })).toBe(false);
    expect(changesOf(stored, { name: 'Ida', memberIds: ['a'] })).toEqual({ memberIds: ['a'] });
  });
});

describe('a table', () => {
  const people = [
    { name: 'Zoë', age: 30 },
    { name: 'anna', age: null },
    { name: 'Bert 10', age: 4 },
    { name: 'Bert 9', age: 40 },
  ];
  const names = (rows: typeof people) => rows.map(({ name }) => name);

  it('finds rows by every word, whatever case and marks', () => {
    expect(names(searchRows(people, ' zoe ', ({ name }) => name))).toEqual(['Zoë']);
    expect(names(searchRows(people, '9 bert', ({ name }) => name))).toEqual(['Bert 9']);
    expect(searchRows(people, '', ({ name }) => name)).toHaveLength(4);
  });

  it('sorts as people do, and puts what has no value last either way', () => {
    expect(names(sortRows(people, ({ name }) => name, false))).toEqual(['anna', 'Bert 9', 'Bert 10', 'Zoë']);
    expect(names(sortRows(people, ({ age }) => age, false)).at(-1)).toBe('anna');
    expect(names(sortRows(people, ({ age }) => age, true))).toEqual(['Bert 9', 'Zoë', 'Bert 10', 'anna']);
  });

  it('turns its order at the second click on a column', () => {
    const first = nextSorting({ columnId: 'name', descending: true }, 'age');
    expect(first).toEqual({ columnId: 'age', descending: false });
    expect(nextSorting(first, 'age')).toEqual({ columnId: 'age', descending: true });
  });
});

it('a first password is long, readable and another each time', () => {
  const make = () => newPassword((bytes) => randomFillSync(bytes));
  expect(make()).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{16}$/);
  expect(make()).not.toBe(make());
});

describe('preferences', () => {
  it('are kept for each reader and survive a storage that refuses', () => {
    const held = new Map<string, string>();
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
      removeItem: (key: string) => void held.delete(key),
    };
    new Preferences(storage, 'ida').set({ letterKeys: false });
    expect(new Preferences(storage, 'ida').values.get().letterKeys).toBe(false);
    expect(new Preferences(storage, 'mara').values.get().letterKeys).toBe(true);

    const full = {
      ...storage,
      setItem: () => {
        throw new Error('full');
      },
    };
    const own = new Preferences(full, 'mara');
    own.set({ letterKeys: false });
    expect(own.values.get().letterKeys).toBe(false);
    held.set('switchboard.preferences.mara', 'not json');
    expect(new Preferences(storage, 'mara').values.get().letterKeys).toBe(true);
  });
});
