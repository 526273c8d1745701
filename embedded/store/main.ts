import { parseArgs } from 'node:util';
import { runOffline, type OfflineTask } from './commands/offline.js';
import { startStore, type StoreOptions } from './server.js';

const USAGE = `usage: main.js --data DIRECTORY (--port NUMBER | --socket PATH) [--transaction-lifetime SECONDS]
       main.js dump --data DIRECTORY --out DIRECTORY
       main.js restore --data DIRECTORY --from DIRECTORY [--drop]
       main.js verify --data DIRECTORY [--repair]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    port: { type: 'string' },
    socket: { type: 'string' },
    'transaction-lifetime': { type: 'string', default: '5' },
    out: { type: 'string' },
    from: { type: 'string' },
    drop: { type: 'boolean', default: false },
    repair: { type: 'boolean', default: false },
  },
});

function required(value: string | undefined, option: string): string {
  if (value === undefined) throw new Error(`--${option} is missing\n${USAGE}`);
  return value;
}

function storeOptions(dataDir: string): StoreOptions {
  const lifetime = Number(values['transaction-lifetime']);
  if (!(lifetime > 0)) throw new Error(`--transaction-lifetime must be a number of seconds above 0\n${USAGE}`);
  const password = process.env['STORE_PASSWORD'];
  return {
    dataDir,
    ...address(values.port, values.socket),
    transactionLifetimeSeconds: lifetime,
    ...(password === undefined || password === '' ? {} : { password }),
    onError: (error) => console.error(`store: ${error.message}`),
  };
}

function address(port: string | undefined, socket: string | undefined): { port: number } | { socket: string } {
  if (socket !== undefined && port === undefined) return { socket };
  const number = Number(port);
  if (socket !== undefined || port === undefined || !Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new Error(`give either --port (0 to 65535) or --socket\n${USAGE}`);
  }
  return { port: number };
}

function offlineTask(tool: string): OfflineTask {
  if (tool === 'dump') return { tool, directory: required(values.out, 'out') };
  if (tool === 'restore') return { tool, directory: required(values.from, 'from'), replace: values.drop };
  if (tool === 'verify') return { tool, repair: values.repair };
  throw new Error(`"${tool}" is not known\n${USAGE}`);
}

async function serve(dataDir: string): Promise<void> {
  // A limit on file size (ulimit -f) then fails the write, which is answered, instead of ending the process.
  process.on('SIGXFSZ', () => undefined);
  const store = await startStore(storeOptions(dataDir));
  console.log(JSON.stringify({ ready: true, uri: store.uri }));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void store.close().then(() => process.exit(0)));
  }
}

async function main(): Promise<void> {
  const [tool] = positionals;
  const dataDir = required(values.data, 'data');
  if (tool === undefined) return serve(dataDir);
  const { lines, ok } = await runOffline(dataDir, offlineTask(tool));
  for (const line of lines) console.log(line);
  if (!ok) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(`store: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
