import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { main, ROOT, SetupError } from './setup/run.mjs';

await main(async () => {
  if (existsSync(join(ROOT, '.env'))) process.loadEnvFile(join(ROOT, '.env'));
  if (!existsSync(join(ROOT, 'dist/scripts/verify.js'))) throw new SetupError('Nothing is built yet: npm run build');
  await import('../dist/scripts/verify.js');
});
