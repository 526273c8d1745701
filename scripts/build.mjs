import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { main } from './setup/run.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return 0;
});
