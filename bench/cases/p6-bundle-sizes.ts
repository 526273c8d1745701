import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BenchCase, Measurement } from '../lib/types.js';

const WEB = resolve(import.meta.dirname, '../../dist/web');
const KB = 1_000;

/** As the build puts it beside the file for browsers that take gzip; what is too small for that goes as it is. */
const gzipped = (path: string): number => {
  const [file, compressed] = [join(WEB, path), join(WEB, `${path}.gz`)];
  return statSync(existsSync(compressed) ? compressed : file).size / KB;
};

/** Scripts that the page names itself, so that a browser fetches them before anything shows. */
function firstLoad(page: string): number {
  const html = readFileSync(join(WEB, page, 'index.html'), 'utf8');
  const scripts = new Set([...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map(([, path]) => path ?? ''));
  return [...scripts].map((path) => gzipped(join(page, path))).reduce((sum, size) => sum + size, 0);
}

const scriptsOf = (folder: string): string[] =>
  readdirSync(join(WEB, folder)).filter((name) => name.endsWith('.js') || name.endsWith('.css'));

const bench: BenchCase = {
  title: 'sizes of the built pages (P6), gzip, after npm run build',
  run: async () => {
    const measurements: Measurement[] = [];
    const add = (label: string, value: number, atMost: number): void =>
      void measurements.push({ label, unit: 'kB', value, baseline: null, budget: { atMost } });
    if (existsSync(join(WEB, 'widget'))) {
      add('widget: loader', gzipped('widget/widget.js'), 3);
      const total = scriptsOf('widget').reduce((sum, name) => sum + gzipped(join('widget', name)), 0);
      add('widget: in total', total, 45);
    }
    if (existsSync(join(WEB, 'inbox'))) add('inbox: first load', firstLoad('inbox'), 300);
    return measurements;
  },
};

export default bench;
