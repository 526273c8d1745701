import { parseArgs } from 'node:util';
import { startSandbox, type SandboxOptions } from './sandbox.js';

const USAGE = `usage: main --webhook-url URL --app-id ID --app-secret SECRET --verify-token TOKEN --data DIR
            --page ID:TOKEN:NAME [--page …] [--port N] [--host ADDRESS] [--public-url URL] [--unsubscribed]`;

/** Reads the command line. Throws an Error that says what is missing. */
function optionsOf(args: string[]): SandboxOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      'public-url': { type: 'string' },
      'webhook-url': { type: 'string' },
      'app-id': { type: 'string' },
      'app-secret': { type: 'string' },
      'verify-token': { type: 'string' },
      data: { type: 'string' },
      page: { type: 'string', multiple: true, default: [] },
      unsubscribed: { type: 'boolean', default: false },
    },
  });
  const required = (name: 'webhook-url' | 'app-id' | 'app-secret' | 'verify-token' | 'data'): string => {
    const value = values[name];
    if (value === undefined || value === '') throw new Error(`--${name} is missing`);
    return value;
  };
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a port number');
  if (!/^\d+$/.test(required('app-id'))) throw new Error('--app-id must be a number');
  if (values.page.length === 0) throw new Error('--page is missing');
  return {
    port,
    host: values.host,
    ...(values['public-url'] === undefined ? {} : { publicUrl: new URL(values['public-url']).origin }),
    webhookUrl: new URL(required('webhook-url')).href,
    appId: required('app-id'),
    appSecret: required('app-secret'),
    verifyToken: required('verify-token'),
    dataDir: required('data'),
    pages: values.page.map(pageOf),
    unsubscribed: values.unsubscribed,
  };
}

function pageOf(text: string): SandboxOptions['pages'][number] {
  const match = /^(\d+):([^:]+):(.+)$/.exec(text);
  if (match === null) throw new Error(`--page "${text}" is not ID:TOKEN:NAME`);
  const [, id = '', token = '', name = ''] = match;
  return { id, token, name };
}

function read(): SandboxOptions {
  try {
    return optionsOf(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

try {
  const sandbox = await startSandbox({ ...read(), onError: (error) => console.error(error) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
  console.log(JSON.stringify({ ready: true, url: sandbox.url }));
} catch (error) {
  console.error(`The sandbox could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
