import { isSetUpNeeded } from './commands/access/set-up.js';
import { createComponents } from './components.js';
import { EnvError, type Env } from './env.js';
import { serve } from './serve.js';
import { StoreUnfitError } from './storage/mongo.js';
import { setupCodeOf } from './utils/setup-code.js';

/** Entry of every process of the hub; `ROLE` says what it does. Prints one JSON line when it is ready. */
async function main(): Promise<void> {
  const components = await createComponents();
  const { hub, shutdown } = components;
  const stop = (signal: string): void => {
    hub.logger.info('shutdown', 'stopping', { signal });
    void shutdown.run().then(() => process.exit(0));
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.on('unhandledRejection', (error) => hub.logger.error('process', 'a rejection was not handled', { error }));
  const { port } = await serve(components);
  if (port !== null && (await isSetUpNeeded())) process.stderr.write(`${howToSetUp(hub.env)}\n`);
  process.stdout.write(`${JSON.stringify({ ready: true, role: hub.env.ROLE, port, pid: process.pid })}\n`);
}

const howToSetUp = ({ PUBLIC_URL, JWT_SECRET }: Env): string =>
  `Nobody has an account yet. Open ${PUBLIC_URL} and create the first admin with this set-up code: ${setupCodeOf(JWT_SECRET)}`;

main().catch((error: unknown) => {
  const known = error instanceof EnvError || error instanceof StoreUnfitError;
  process.stderr.write(
    `${known ? error.message : `Could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`}\n`,
  );
  process.exit(1);
});
