import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { importsOf, readSources, ROOT, type SourceFile } from './source-tree.js';

/**
 * The folder map as rules: what each room may import besides itself (docs/architecture.md). `src/*.ts` are the wiring and may
 * import all.
 */
const MAY_IMPORT: Record<string, string[]> = {
  'src/shared': [],
  'src/utils': ['src/shared', 'src/errors'],
  'src/logging': ['src/utils'],
  'src/storage': ['src/env', 'src/errors', 'src/logging', 'src/utils', 'src/shared'],
  'src/models': ['src/shared', 'src/utils', 'src/storage'],
  'src/policies': ['channels/types', 'src/errors', 'src/models', 'src/shared', 'src/utils'],
  'src/presenters': [
    'channels/types',
    'src/errors',
    'src/models',
    'src/policies',
    'src/shared',
    'src/storage',
    'src/utils',
  ],
  'src/reads': [
    'channels/types',
    'src/errors',
    'src/models',
    'src/policies',
    'src/presenters',
    'src/shared',
    'src/storage',
    'src/utils',
  ],
  'src/events': ['channels/types', 'src/models', 'src/shared'],
  'src/queues': ['src/env', 'src/logging', 'src/shared', 'src/storage', 'src/utils'],
  'src/commands': [
    'channels/errors',
    'channels/types',
    'src/env',
    'src/hub',
    'src/errors',
    'src/events',
    'src/logging',
    'src/models',
    'src/policies',
    'src/shared',
    'src/storage',
    'src/utils',
  ],
  'src/api': [
    'channels/errors',
    'channels/types',
    'src/commands',
    'src/env',
    'src/hub',
    'src/errors',
    'src/logging',
    'src/models',
    'src/policies',
    'src/presenters',
    'src/reads',
    'src/shared',
    'src/storage',
    'src/utils',
  ],
  'src/realtime': [
    'src/commands',
    'src/env',
    'src/hub',
    'src/errors',
    'src/events',
    'src/logging',
    'src/models',
    'src/policies',
    'src/presenters',
    'src/reads',
    'src/shared',
    'src/storage',
    'src/utils',
  ],
  channels: ['src/shared', 'src/utils'],
  workers: [
    'src/commands',
    'src/errors',
    'src/events',
    'src/logging',
    'src/hub',
    'src/models',
    'src/policies',
    'src/queues',
    'src/storage',
    'src/utils',
    'src/shared',
  ],
  embedded: ['src/logging', 'src/shared', 'src/utils'],
};

const sources = readSources('src', 'channels', 'workers', 'embedded');
const roomOf = (path: string): string => {
  const [top = '', second = ''] = path.split('/');
  return top === 'src' ? `src/${second}` : top;
};
const isWiring = (file: SourceFile): boolean => /^src\/[^/]+\.ts$/.test(file.path);

describe('the folder map', () => {
  test('has exactly the known top-level folders', () => {
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && !['.git', 'node_modules', 'dist', 'data', 'coverage'].includes(entry.name),
      )
      .map((entry) => entry.name)
      .sort();
    expect(folders).toEqual(
      ['.ci', 'bench', 'channels', 'docs', 'embedded', 'scripts', 'src', 'test', 'web', 'workers'].sort(),
    );
  });

  test('every room imports only what it may', () => {
    const broken = sources
      .filter((file) => !isWiring(file))
      .flatMap((file) => {
        const room = roomOf(file.path);
        const allowed = MAY_IMPORT[room] ?? [];
        return file.imports
          .filter((target) => roomOf(target) !== room)
          .filter((target) => !allowed.some((entry) => target.startsWith(`${entry}/`) || target === `${entry}.ts`))
          .map((target) => `${file.path} imports ${target}`);
      });
    expect(broken).toEqual([]);
  });

  test('channels know neither each other nor the hub', () => {
    const broken = sources
      .filter((file) => /^channels\/[^/]+\//.test(file.path))
      .flatMap((file) => {
        const own = file.path.split('/').slice(0, 2).join('/');
        return file.imports
          .filter((target) => target.startsWith('channels/') && !target.startsWith(`${own}/`))
          .filter((target) => !['channels/types.ts', 'channels/errors.ts'].includes(target))
          .map((target) => `${file.path} imports ${target}`);
      });
    expect(broken).toEqual([]);
  });

  test('pages import types and pure code from src/shared and nothing else of the server', () => {
    const broken = readSources('web').flatMap((file) =>
      file.imports
        .filter((target) => !target.startsWith('web/') && !target.startsWith('src/shared/'))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('nothing that runs in a page reaches zod: of the schemas and the socket catalogue pages import types alone', () => {
    const running = new Map(
      readSources('web', 'src/shared').map(({ path, text }) => {
        const values = text.replace(/^(import|export) type [^;]*;/gm, '');
        return [path, importsOf(path, values)];
      }),
    );
    const reached = new Map([...running].filter(([path]) => path.startsWith('web/')));
    for (const { imports } of reached.values())
      for (const target of imports) {
        const found = running.get(target);
        if (found !== undefined) reached.set(target, found);
      }
    const withZod = [...reached].filter(([, { packages }]) => packages.includes('zod')).map(([path]) => path);
    expect(withZod).toEqual([]);
    expect(reached.has('src/shared/thread-order.ts')).toBe(true);
  });

  test('there are no import cycles', () => {
    const all = [...sources, ...readSources('web', 'scripts', 'bench', 'test')];
    const byPath = new Map(all.map((file) => [file.path, file]));
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: string[]): void => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
        return;
      }
      state.set(path, 'open');
      for (const target of byPath.get(path)?.imports ?? []) visit(target, [...trail, path]);
      state.set(path, 'done');
    };
    for (const path of byPath.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  test('no source file is longer than 400 lines, no test longer than 600', () => {
    const lines = (file: SourceFile): number => file.text.split('\n').length;
    const long = [
      ...[...sources, ...readSources('web', 'scripts', 'bench')].filter((file) => lines(file) > 400),
      ...readSources('test').filter((file) => lines(file) > 600),
    ].map((file) => `${file.path}: ${lines(file)}`);
    expect(long).toEqual([]);
  });

  test('only src/env.ts reads the environment of the hub', () => {
    const readers = readSources('src', 'channels', 'workers')
      .filter((file) => file.text.includes('process.env'))
      .map((file) => file.path);
    expect(readers).toEqual(['src/env.ts']);
  });
});

describe('what the core does not know', () => {
  const core = readSources('src', 'workers');
  const mentions = (files: SourceFile[], pattern: RegExp): string[] =>
    files.flatMap((file) =>
      file.text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : [])),
    );

  test('no channel is named in src or workers', () => {
    const names = readdirSync(join(ROOT, 'channels'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(names).toEqual(expect.arrayContaining(['messenger', 'web']));
    for (const name of names) {
      // As a value for every channel; the platform's own name in any form.
      const pattern = name === 'web' ? /channel\W{1,6}['"`]web['"`]/ : new RegExp(name, 'i');
      expect(mentions(core, pattern)).toEqual([]);
      expect(
        mentions(core, new RegExp(`['"\`]${name}['"\`]`)).filter((line) => !line.includes('serve-pages.ts')),
      ).toEqual([]);
    }
  });

  test('the simulator is unknown to the hub and to the channel it plays', () => {
    const unaware = readSources('src', 'workers', 'channels/messenger');
    // The one other use of the word is the directive of a Content-Security-Policy.
    expect(mentions(unaware, /sandbox/i).filter((line) => !line.includes("sandbox; default-src 'none'"))).toEqual([]);
  });
});
