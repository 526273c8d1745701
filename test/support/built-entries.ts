import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StackOptions } from '../../embedded/launcher/stack.js';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['src', 'channels', 'workers', 'embedded', 'scripts'];

/** The built programs, which start twice as fast; the sources where they are newer than the build. */
export function builtEntries(): NonNullable<StackOptions['entries']> {
  const main = join(ROOT, 'dist/src/main.js');
  if (!existsSync(main)) return {};
  const newest = Math.max(...FOLDERS.map((folder) => newestIn(join(ROOT, folder))));
  if (newest > statSync(main).mtimeMs) return {};
  const built = (file: string): string => join(ROOT, 'dist', `${file}.js`);
  return {
    store: built('embedded/store/main'),
    sandbox: built('embedded/sandbox/messenger/main'),
    hub: built('src/main'),
    seed: built('scripts/seed'),
  };
}

/** When a source file below a folder last changed. */
function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return Math.max(0, ...files.map((file) => statSync(join(folder, file)).mtimeMs));
}
