import { beforeEach, describe, expect, it } from '@jest/globals';
import { CommandRegistry, type KeyPlace } from '../../../../../web/inbox/stores/command-registry.js';
import { KeyStrokes } from '../../../../../web/inbox/stores/key-strokes.js';
import type { Stroke } from '../../../../../web/inbox/logic/keys.js';

const PAGE: KeyPlace = { inText: false, inWidget: false, inDialog: false };
const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

let registry: CommandRegistry;
let done: string[];
const command = (id: string, keys: string[], more: object = {}) => ({
  id,
  label: id,
  group: 'Test',
  keys,
  run: () => void done.push(id),
  ...more,
});

beforeEach(() => {
  registry = new CommandRegistry();
  done = [];
});

describe('the registry', () => {
  it('puts together what an area declares and what a component does, in either order', () => {
    const stop = registry.register(() => [{ id: 'a.do', run: () => void done.push('did') }]);
    expect(registry.all()).toEqual([]);
    registry.register(() => [{ id: 'a.do', label: 'Do', group: 'A', keys: ['d'] }]);
    expect(registry.runnable().map(({ label, keys }) => ({ label, keys }))).toEqual([{ label: 'Do', keys: ['d'] }]);
    stop();
    expect(registry.runnable()).toEqual([]);
    expect(registry.all().map(({ id }) => id)).toEqual(['a.do']);
  });

  it('asks anew each time whether a command can be done, and what it is called', () => {
    let open = false;
    registry.register(() => [command('leave', ['Escape'], { when: () => open, label: open ? 'Leave it' : 'Leave' })]);
    expect(registry.byKey('Escape', PAGE, true)).toBeNull();
    open = true;
    expect(registry.byKey('Escape', PAGE, true)).toMatchObject({ label: 'Leave it' });
  });

  it('gives a key to the one that was registered last among those that can be done', () => {
    registry.register(() => [command('first', ['x'])]);
    registry.register(() => [command('second', ['x'])]);
    registry.register(() => [command('never', ['x'], { when: () => false })]);
    expect(registry.byKey('x', PAGE, true)).toMatchObject({ id: 'second' });
  });

  it('keeps keys from text, dialogs and widgets that answer them', () => {
    registry.register(() => [
      command('letter', ['j', 'ArrowDown']),
      command('find', ['mod+k']),
      command('image', ['ArrowLeft'], { inDialogs: true }),
    ]);
    expect(registry.byKey('j', { ...PAGE, inText: true }, true)).toBeNull();
    expect(registry.byKey('mod+k', { ...PAGE, inText: true }, true)).toMatchObject({ id: 'find' });
    expect(registry.byKey('j', { ...PAGE, inDialog: true }, true)).toBeNull();
    expect(registry.byKey('ArrowLeft', { ...PAGE, inDialog: true }, true)).toMatchObject({ id: 'image' });
    expect(registry.byKey('ArrowLeft', PAGE, true)).toBeNull();
    expect(registry.byKey('ArrowDown', { ...PAGE, inWidget: true }, true)).toBeNull();
    expect(registry.byKey('j', { ...PAGE, inWidget: true }, true)).toMatchObject({ id: 'letter' });
  });

  it('takes keys of one letter or sign away where they are switched off, and no others', () => {
    registry.register(() => [command('next', ['j', 'ArrowDown']), command('go', ['g i']), command('back', ['Escape'])]);
    expect(registry.byKey('j', PAGE, false)).toBeNull();
    expect(registry.byKey('g', PAGE, false)).toBeNull();
    expect(registry.byKey('ArrowDown', PAGE, false)).toMatchObject({ id: 'next' });
    expect(registry.byKey('Escape', PAGE, false)).toMatchObject({ id: 'back' });
  });
});

describe('strokes', () => {
  let now: number;
  let strokes: KeyStrokes;
  const strike = (key: string, more: Partial<Stroke> = {}): string | null => {
    const found = strokes.strike(stroke(key, more), PAGE, true);
    return found === null || found === 'prefix' ? found : found.id;
  };
  beforeEach(() => {
    now = 0;
    strokes = new KeyStrokes(registry, () => now);
    registry.register(() => [command('inbox', ['g i']), command('info', ['i']), command('keys', ['?'])]);
  });

  it('takes two together when they follow each other soon', () => {
    expect(strike('g')).toBe('prefix');
    expect(strike('i')).toBe('inbox');
    expect(strike('i')).toBe('info');
  });

  it('forgets the first after a while, and after one that does not fit', () => {
    strike('g');
    now = 5_000;
    expect(strike('i')).toBe('info');
    strike('g');
    expect(strike('z')).toBeNull();
    expect(strike('i')).toBe('info');
  });

  it('does not count a held modifier as a stroke', () => {
    strike('g');
    expect(strike('Shift', { shiftKey: true })).toBeNull();
    expect(strike('?', { shiftKey: true })).toBe('keys');
  });
});
