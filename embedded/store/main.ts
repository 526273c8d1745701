import { parseArgs } from 'node:util';
import { startStore, type StoreOptions } from './server.js';

const USAGE = 'usage: main.js --data DIRECTORY (--port NUMBER | --socket PATH) [--transaction-lifetime SECONDS]';

function readOptions(): StoreOptions {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      socket: { type: 'string' },
      'transaction-lifetime': { type: 'string', default: '5' },
    },
  });
  const lifetime = Number(values['transaction-lifetime']);
  if (values.data === undefined) throw new Error(`--data is missing\n${USAGE}`);
  if (!(lifetime > 0)) throw new Error(`--transaction-lifetime must be a number of seconds above 0\n${USAGE}`);
  const password = process.env['STORE_PASSWORD'];
  return {
    dataDir: values.data,
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

try {
  // A limit on file size (ulimit -f) then fails the write, which is answered, instead of ending the process.
  process.on('SIGXFSZ', () => undefined);
  const store = await startStore(readOptions());
  console.log(JSON.stringify({ ready: true, uri: store.uri }));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void store.close().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(`store: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
