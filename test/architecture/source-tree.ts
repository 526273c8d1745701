import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** A source file with the project files it imports, both as paths from the root. */
export interface SourceFile {
  path: string;
  text: string;
  imports: string[];
  packages: string[];
}

const IMPORT = /(?:from|import)\s*\(?\s*['"`]([^'"`]+)['"`]/g;

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (/\.(ts|tsx|mjs|js)$/.test(entry.name)) yield path;
  }
}

/** The file that an import written for the built code stands for. */
function sourceOf(path: string): string {
  const written = [path.replace(/\.jsx?$/, '.ts'), path.replace(/\.jsx?$/, '.tsx')];
  return written.find((file) => existsSync(join(ROOT, file))) ?? path;
}

/** What a file of this text imports: files of the project as paths from the root, and packages. */
export function importsOf(path: string, text: string): Pick<SourceFile, 'imports' | 'packages'> {
  const named = [...text.matchAll(IMPORT)].map((match) => match[1] ?? '');
  return {
    imports: named.filter((name) => name.startsWith('.')).map((name) => sourceOf(join(dirname(path), name))),
    packages: named.filter((name) => !name.startsWith('.')),
  };
}

/** Every source file below the folders. */
export function readSources(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    [...filesBelow(join(ROOT, folder))].map((absolute) => {
      const path = relative(ROOT, absolute);
      const text = readFileSync(absolute, 'utf8');
      return { path, text, ...importsOf(path, text) };
    }),
  );
}
