import { ensureInstalled } from './setup/install.mjs';
import { main, runTool } from './setup/run.mjs';
import { ensureProgram, MONGOMOCK } from './setup/system-packages.mjs';

await main(async () => {
  await ensureInstalled();
  const env = { MONGOMOCK_PYTHON: await ensureProgram(MONGOMOCK) };
  const fuzz = ['test/embedded/fuzz/main.ts', ...process.argv.slice(2)];
  return (await runTool('tsx/dist/cli.mjs', fuzz, { env })) ? 0 : 1;
});
