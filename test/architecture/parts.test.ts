import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PROGRAMS, TEST_PARTS, type Program } from '../../scripts/setup/parts.mjs';
import { importsOf, readSources, type SourceFile } from './source-tree.js';

/** Names every program and starts none. */
const THE_TABLE = 'scripts/setup/system-packages.mjs';

/** What is left when a test runs: type imports are gone. */
const files = new Map(
  readSources('test', 'src', 'channels', 'workers', 'embedded', 'scripts').map((file): [string, SourceFile] => {
    const text = file.text.replace(/^(import|export) type [^;]*;/gm, '');
    return [file.path, { path: file.path, text, ...importsOf(file.path, text) }];
  }),
);

/** What a file imports, and the programs of ours that it names by their files in order to start them. */
function reaches({ path, text, imports }: SourceFile): string[] {
  const named = [...text.matchAll(/['"`]([\w./-]+)\.(ts|mjs|js)['"`]/g)].map(([, name, ending]) => `${name}.${ending}`);
  return [...imports, ...named.flatMap((name) => [name, join(dirname(path), name)])];
}

/** The file with everything it reaches, in turn. */
function closure(path: string, seen = new Map<string, SourceFile>()): Map<string, SourceFile> {
  const file = files.get(path);
  if (file === undefined || seen.has(path) || path === THE_TABLE) return seen;
  seen.set(path, file);
  for (const target of reaches(file)) closure(target, seen);
  return seen;
}

/** Whether a file itself starts the program: it imports a package made for it, or names it in a string. */
const uses = (file: SourceFile, { programs, usedThrough }: Program): boolean =>
  usedThrough.some((name) => file.packages.includes(name)) ||
  programs.some((name) => new RegExp(`['"\`](/[\\w/.-]+/)?${name}['"\`]`).test(file.text));

/** Test files with the part they belong to. */
const tests = Object.entries(TEST_PARTS).flatMap(([part, { folders, programs }]) =>
  [...files.keys()]
    .filter((path) => path.endsWith('.test.ts') && folders.some((folder) => path.startsWith(`test/${folder}/`)))
    .map((path) => ({ part, path, programs: programs.map(({ label }) => label) })),
);

test('every test file belongs to exactly one part', () => {
  const all = [...files.keys()].filter((path) => path.endsWith('.test.ts')).sort();
  expect(tests.map(({ path }) => path).sort()).toEqual(all);
});

test('every test lives in a part that brings the programs it needs', () => {
  const needs = tests.flatMap(({ part, path, programs }) => {
    const reached = [...closure(path).values()];
    return PROGRAMS.filter((program) => reached.some((file) => uses(file, program))).map(({ label }) => ({
      label,
      misplaced: programs.includes(label) ? [] : [`${path} needs ${label}, which the part ${part} does not bring`],
    }));
  });
  // Each program is found somewhere, or the search itself has gone blind.
  expect([...new Set(needs.map(({ label }) => label))].sort()).toEqual(PROGRAMS.map(({ label }) => label).sort());
  expect(needs.flatMap(({ misplaced }) => misplaced)).toEqual([]);
});
