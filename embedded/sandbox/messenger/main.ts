import { parseArgs } from 'node:util';
import { startSandbox, type SandboxOptions } from './sandbox.js';

const USAGE = `usage: main --webhook-url URL --app-id ID --data DIR
            [--port N] [--host ADDRESS] [--public-url URL] [--unsubscribed]
in the environment: SANDBOX_APP_SECRET, SANDBOX_VERIFY_TOKEN, SANDBOX_PAGES=ID:TOKEN:NAME[;ID:TOKEN:NAME …]`;

/**
 * Reads the command line, and secrets from the environment, because everybody on the machine can read command lines. Throws an
 * Error that says what is missing.
 */
function optionsOf(args: string[]): SandboxOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      'public-url': { type: 'string' },
      'webhook-url': { type: 'string' },
      'app-id': { type: 'string' },
      data: { type: 'string' },
      unsubscribed: { type: 'boolean', default: false },
    },
  });
  const required = (name: 'webhook-url' | 'app-id' | 'data'): string => {
    const value = values[name];
    if (value === undefined || value === '') throw new Error(`--${name} is missing`);
    return value;
  };
  const secret = (name: string): string => {
    const value = process.env[name];
    if (value === undefined || value === '') throw new Error(`${name} is missing`);
    return value;
  };
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a port number');
  if (!/^\d+$/.test(required('app-id'))) throw new Error('--app-id must be a number');
  return {
    port,
    host: values.host,
    ...(values['public-url'] === undefined ? {} : { publicUrl: new URL(values['public-url']).origin }),
    webhookUrl: new URL(required('webhook-url')).href,
    appId: required('app-id'),
    appSecret: secret('SANDBOX_APP_SECRET'),
    verifyToken: secret('SANDBOX_VERIFY_TOKEN'),
    dataDir: required('data'),
    pages: secret('SANDBOX_PAGES').split(';').map(pageOf),
    unsubscribed: values.unsubscribed,
  };
}

function pageOf(text: string): SandboxOptions['pages'][number] {
  const match = /^(\d+):([^:]+):(.+)$/.exec(text.trim());
  if (match === null) throw new Error('SANDBOX_PAGES is not ID:TOKEN:NAME');
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
