import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/bench');

/**
 * Turns a TypeScript program of this folder into JavaScript and gives its path. A program that is measured runs so, as
 * the built product does: tsx names every closure anew when it is made, which costs a server a good part of its speed.
 */
export async function built(file: string): Promise<string> {
  const outfile = join(CACHE, file.replace(/\.ts$/, '.js'));
  await build({
    entryPoints: [join(import.meta.dirname, file)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
  });
  return outfile;
}
