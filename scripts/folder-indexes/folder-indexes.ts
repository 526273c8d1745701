import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';

const ROOT = join(import.meta.dirname, '../..');

/** A file that puts together what the files of a folder export, so that typed code finds it by one name. */
interface FolderIndex {
  /** From the root, like all paths here. */
  file: string;
  /** Where the files are; their names end with `ending`, or one called `nested` stands in each folder below. */
  folder: string;
  ending?: string;
  nested?: string;
  text(found: Found[]): string;
}

/** A file of the folder. */
interface Found {
  /** The file's, or with `nested` its folder's. */
  name: string;
  /** As the index imports it. */
  from: string;
  source: string;
}

interface Export {
  name: string;
  from: string;
}

/** The exports of the files whose whole name the pattern's first group is; files without one are passed over. */
const exportsOf = (found: Found[], pattern: RegExp): Export[] =>
  found.flatMap(({ from, source }) => [...source.matchAll(pattern)].map((match) => ({ name: match[1] ?? '', from })));

const imports = (exports: Export[], kind = 'import'): string => {
  const files = [...new Set(exports.map(({ from }) => from))];
  const names = (file: string) => exports.filter(({ from }) => from === file).map(({ name }) => name);
  return files.map((file) => `${kind} { ${names(file).join(', ')} } from '${file}';`).join('\n');
};

const spread = (exports: Export[]): string => `{ ${exports.map(({ name }) => `...${name}`).join(', ')} }`;

/** One object of all that the files export under names of this pattern. */
const merged = (says: string, name: string, pattern: RegExp) => (found: Found[]) => {
  const exports = exportsOf(found, pattern);
  return `${imports(exports)}\n\n/** ${says} */\nexport const ${name} = ${spread(exports)};`;
};

const INDEXES: readonly FolderIndex[] = [
  {
    file: 'src/models/index.ts',
    folder: 'src/models',
    text: (found) => found.map(({ from }) => `export * from '${from}';`).join('\n'),
  },
  {
    file: 'src/policies/table.ts',
    folder: 'src/policies',
    text: merged(
      'The one table of who may do what, for routes, sockets and commands (SPEC 3.2); each noun has its file.',
      'POLICIES',
      /^export const (\w+Policies)\b/gm,
    ),
  },
  {
    file: 'src/events/kinds/index.ts',
    folder: 'src/events/kinds',
    text: (found) => {
      const exports = exportsOf(found, /^export interface (\w+Events)\b/gm);
      const all = exports.map(({ name }) => name).join(' & ');
      return `${imports(exports, 'import type')}\n\n/** What is kept of each event, by its type. */\nexport type EventData = ${all};`;
    },
  },
  {
    file: 'src/shared/list-filters/index.ts',
    folder: 'src/shared/list-filters',
    text: (found) => {
      const exports = exportsOf(found, /^export const (\w+): ListFilter\b/gm);
      const all = exports.map(({ name }) => name).join(', ');
      return `${imports(exports)}\n\n/** What list views may be narrowed by; the names are those in requests and addresses. */\nexport const LIST_FILTERS = { ${all} };`;
    },
  },
  {
    file: 'src/shared/socket-catalogue/agent-calls/index.ts',
    folder: 'src/shared/socket-catalogue/agent-calls',
    text: merged('What the team may call; each noun has its file.', 'agentCalls', /^export const (\w+Calls)\b/gm),
  },
  {
    file: 'src/realtime/handlers/index.ts',
    folder: 'src/realtime/handlers',
    text: (found) => {
      const exports = exportsOf(found, /^export const (\w+Handlers)\b/gm);
      const ofCustomers = exports.filter(({ name }) => name.startsWith('customer'));
      const ofAgents = exports.filter((one) => !ofCustomers.includes(one));
      return [
        imports(exports),
        `/** What answers the calls of the team. */\nexport const agentHandlers = ${spread(ofAgents)};`,
        `/** What answers those of visitors. */\nexport const customerHandlers = ${spread(ofCustomers)};`,
      ].join('\n\n');
    },
  },
  {
    file: 'src/api/resources.ts',
    folder: 'src/api',
    nested: 'routes.ts',
    text: (found) => {
      const resources = found.filter(({ source }) => /^export const routes\b/m.test(source));
      return [
        resources.map(({ name, from }) => `import { routes as ${camel(name)} } from '${from}';`).join('\n'),
        `/** The routes of every resource, by its folder. */\nexport const resources = { ${resources.map(({ name }) => camel(name)).join(', ')} };`,
      ].join('\n\n');
    },
  },
  {
    file: 'web/inbox/locales/en/index.ts',
    folder: 'web/inbox/locales/en',
    ending: '.json',
    text: (found) =>
      [
        "import type { ResourceKey } from 'i18next';",
        ...found.map(({ name, from }) => `import ${name} from '${from}' with { type: 'json' };`),
        '',
        '/**',
        ' * Every text of the inbox in English by area. Another language is a folder with the same files and an index like this one',
        ' * that says `satisfies Texts`; nothing else has to be told of it.',
        ' */',
        `const english = { ${found.map(({ name }) => name).join(', ')} };`,
        '',
        'export default english;',
        '',
        '/** The texts of a language; plural forms differ, so keys within an area are checked by a test instead. */',
        'export type Texts = Record<keyof typeof english, ResourceKey>;',
      ].join('\n'),
  },
];

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function filesOf({ file, folder, ending = '.ts', nested }: FolderIndex): Found[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths = entries.flatMap((entry) => {
    if (nested === undefined) return entry.isFile() && entry.name.endsWith(ending) ? [join(folder, entry.name)] : [];
    const has = entry.isDirectory() && readdirSync(join(ROOT, folder, entry.name)).includes(nested);
    return has ? [join(folder, entry.name, nested)] : [];
  });
  return paths
    .filter((path) => path !== file)
    .map((path) => ({
      name: basename(nested === undefined ? path : dirname(path), ending),
      from: `./${relative(dirname(file), path).replace(/\.ts$/, '.js')}`,
      source: readFileSync(join(ROOT, path), 'utf8'),
    }));
}

/** Every such file as it has to be: its path, and its text in the form that prettier gives it. */
export async function folderIndexes(): Promise<{ path: string; text: string }[]> {
  return Promise.all(
    INDEXES.map(async (index) => {
      const path = join(ROOT, index.file);
      const text = `// Written by \`npm run indexes\` from the files beside it.\n${index.text(filesOf(index))}\n`;
      return { path, text: await format(text, { ...(await resolveConfig(path)), filepath: path }) };
    }),
  );
}
