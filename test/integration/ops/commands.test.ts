import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A project of its own that has our commands, our packages and three tests. */
let project: string;

const write = (path: string, text: string): void => {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), text);
};

/** The compiler runs a dozen times and spends nearly all of each on the declarations of its libraries, so it gets the fewest. */
const tsconfig = (file: string): string =>
  JSON.stringify({ compilerOptions: { strict: true, types: [], lib: ['es5'], skipLibCheck: true }, files: [file] });

interface Outcome {
  status: number | null;
  output: string;
  lastLine: string;
}

const command = (script: string, ...args: string[]): Outcome => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.mjs`, ...args], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', NODE_OPTIONS: '' },
  });
  return { status, output: stdout + stderr, lastLine: stdout.trim().split('\n').at(-1) ?? '' };
};

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'commands-'));
  cpSync(join(ROOT, 'scripts'), join(project, 'scripts'), { recursive: true });
  cpSync(join(ROOT, 'package-lock.json'), join(project, 'package-lock.json'));
  // A folder of its own: what installs packages anew empties the folder that it finds.
  mkdirSync(join(project, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  write('package.json', '{ "type": "module" }');
  write('tsconfig.json', tsconfig('src/good.ts'));
  write(
    'tsconfig.build.json',
    '{ "extends": "./tsconfig.json", "compilerOptions": { "outDir": "dist", "rootDir": "." } }',
  );
  write('src/good.ts', 'export const answer: number = 42;\n');
  write('web/page/index.html', '<p>as it is</p>');
  write(
    'jest.config.js',
    `export default { projects: [{ displayName: 'unit', transform: {}, testMatch: ['**/*.test.js'] }, { displayName: 'chaos', testMatch: [] }] };`,
  );
  write(
    'mixed.test.js',
    `test('passes', () => undefined);
     test('fails', () => { throw new Error('on purpose'); });
     test.skip('is skipped', () => undefined);`,
  );
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('npm test', () => {
  it('sums up in its last line and fails when a test fails', () => {
    const { status, output, lastLine } = command('test', '--only', 'unit');
    expect(lastLine).toBe('1 passed, 1 failed, 1 skipped');
    expect(output).toContain('Failed: unit');
    expect(status).toBe(1);
  });

  it('counts a test file that cannot run', () => {
    write('broken.test.js', 'this is not JavaScript');
    const { status, lastLine } = command('test', '--only', 'unit');
    rmSync(join(project, 'broken.test.js'));
    expect(lastLine).toBe('1 passed, 2 failed, 1 skipped');
    expect(status).toBe(1);
  });

  it('counts a type error as a failure, and succeeds without one', () => {
    expect(command('test', '--only', 'types')).toMatchObject({ status: 0 });
    write('web/tsconfig.json', tsconfig('wrong.ts'));
    write('web/wrong.ts', `export const answer: number = 'none';\n`);
    const { status, output, lastLine } = command('test', '--only', 'types');
    rmSync(join(project, 'web/tsconfig.json'));
    rmSync(join(project, 'web/wrong.ts'));
    expect(output).toContain('TS2322');
    expect(lastLine).toBe('0 passed, 1 failed, 0 skipped');
    expect(status).toBe(1);
  });

  it('names the parts there are when asked for another', () => {
    const { status, output } = command('test', '--only', 'unti');
    expect(output).toContain('No part is called unti. There are: build, lint, types, unit');
    expect(output).not.toContain('    at ');
    expect(status).toBe(1);
  });
});

describe('npm run build', () => {
  it('builds the server and the pages, and again only what has changed', () => {
    expect(command('build')).toMatchObject({ status: 0 });
    expect(readFileSync(join(project, 'dist/src/good.js'), 'utf8')).toContain('answer = 42');
    expect(readFileSync(join(project, 'dist/web/page/index.html'), 'utf8')).toBe('<p>as it is</p>');
    expect(command('build').output).not.toContain('Building');

    write('web/page/index.html', '<p>changed</p>');
    const { output } = command('build');
    expect(output).toContain('Building web/page');
    expect(output).not.toContain('Building server');
    expect(readFileSync(join(project, 'dist/web/page/index.html'), 'utf8')).toBe('<p>changed</p>');
  });

  it('compresses what is sent as it is', () => {
    const script = 'export const word = "größe";\n'.repeat(100);
    write('web/page/app.js', script);
    expect(command('build')).toMatchObject({ status: 0 });
    const built = (ending: string): Buffer => readFileSync(join(project, `dist/web/page/app.js${ending}`));
    expect(brotliDecompressSync(built('.br')).toString()).toBe(script);
    expect(gunzipSync(built('.gz')).toString()).toBe(script);
    expect(existsSync(join(project, 'dist/web/page/index.html.gz'))).toBe(false);
  });

  it('removes what has no source any more', () => {
    command('build');
    write('dist/src/forgotten.js', '');
    write('src/good.ts', 'export const answer: number = 43;\n');
    command('build');
    expect(existsSync(join(project, 'dist/src/forgotten.js'))).toBe(false);
  });

  it('fails on a type error and tries again the next time', () => {
    write('src/good.ts', `export const answer: number = 'none';\n`);
    expect(command('build')).toMatchObject({ status: 1 });
    const { status, output } = command('build');
    expect(status).toBe(1);
    expect(output).toContain('server does not build; the reason stands above.');
    expect(output).not.toContain('    at ');
  });
});
