import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ROOT, runTool, say, SetupError } from './run.mjs';

const SERVER_FOLDERS = ['src', 'channels', 'workers', 'embedded', 'scripts'];
/** What every build depends on: the packages, and how it is done. */
const ALWAYS = ['package-lock.json', 'scripts/setup/build.mjs'];
const STAMPS = 'dist/.stamps.json';

/** What can be built: the server, and every folder of `web`. */
function targets() {
  const server = {
    name: 'server',
    inputs: [...SERVER_FOLDERS, 'tsconfig.json', 'tsconfig.build.json'],
    outputs: SERVER_FOLDERS.map((folder) => `dist/${folder}`),
    build: () => runTool('typescript/bin/tsc', ['-p', 'tsconfig.build.json']),
  };
  const web = existsSync(join(ROOT, 'web')) ? readdirSync(join(ROOT, 'web'), { withFileTypes: true }) : [];
  const shared = web.filter((entry) => entry.isFile()).map((entry) => `web/${entry.name}`);
  const pages = web.filter((entry) => entry.isDirectory()).map((entry) => webTarget(`web/${entry.name}`, shared));
  return [server, ...pages];
}

/** A folder with vite configurations is bundled, once for each by name; one without is copied as it is. */
function webTarget(folder, shared) {
  const configs = readdirSync(join(ROOT, folder))
    .filter((name) => /^vite\..*config.*\.[jt]s$/.test(name))
    .sort();
  const output = `dist/${folder}`;
  return {
    name: folder,
    inputs: [folder, 'src/shared', ...shared],
    outputs: [output],
    build: async () => {
      if (configs.length === 0) cpSync(join(ROOT, folder), join(ROOT, output), { recursive: true });
      for (const config of configs) {
        const args = ['build', '--logLevel', 'warn', '--config', join(folder, config)];
        if (!(await runTool('vite/bin/vite.js', args, { env: { NODE_ENV: 'production' } }))) return false;
      }
      compressFiles(join(ROOT, output));
      return true;
    },
  };
}

/** Texts that are sent as they are; pages get a nonce on their way out. */
const COMPRESSED = ['.js', '.css', '.svg'];
/** Below this a compressed file saves no packet. Bytes. */
const WORTH_COMPRESSING = 1_024;

/** Puts `.br` and `.gz` beside every file that is sent as it is, so that no request pays for it. */
function compressFiles(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!COMPRESSED.includes(extname(name)) || statSync(path).size < WORTH_COMPRESSING) continue;
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** Our commands (.mjs) run as they are and are built into nothing. */
function filesOf(path) {
  const absolute = join(ROOT, path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return path.endsWith('.mjs') ? [] : [path];
  return readdirSync(absolute)
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}

function stampOf(inputs) {
  const hash = createHash('sha256');
  for (const path of [...inputs.flatMap(filesOf), ...ALWAYS])
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(ROOT, path)))
      .update('\0');
  return hash.digest('hex');
}

const readStamps = () => {
  try {
    return JSON.parse(readFileSync(join(ROOT, STAMPS), 'utf8'));
  } catch {
    return {};
  }
};

/**
 * Builds what has changed since it was last built, judged by content.
 * @throws SetupError when something does not build.
 */
export async function ensureBuilt() {
  for (const target of targets()) {
    const stamp = stampOf(target.inputs);
    if (readStamps()[target.name] === stamp) continue;
    say(`Building ${target.name}`);
    writeStamp(target.name, null);
    for (const output of target.outputs) rmSync(join(ROOT, output), { recursive: true, force: true });
    if (!(await target.build())) throw new SetupError(`${target.name} does not build; the reason stands above.`);
    writeStamp(target.name, stamp);
  }
}

function writeStamp(name, stamp) {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(join(ROOT, STAMPS), JSON.stringify({ ...readStamps(), [name]: stamp }, null, 2));
}
