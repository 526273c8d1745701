import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { main } from './setup/run.mjs';
import { ensureProgram, REDIS } from './setup/system-packages.mjs';

await main(async () => {
  await ensureInstalled();
  if (!process.env.REDIS_URL) await ensureProgram(REDIS);
  await ensureBuilt();
  // In this process: it is one process less, and signals arrive where they are handled.
  await import('../dist/embedded/launcher/main.js');
  return 0;
});
