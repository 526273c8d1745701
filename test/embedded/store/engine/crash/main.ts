import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.js';

const USAGE = `Kills the embedded store under load: npm run chaos:store -- [--seed N] [--rounds N]
Each of --rounds (default 24) kills it once under twenty writers, in turn with nothing else going on, while indexes are
built, while a collection is dropped, and once more while expired documents are removed. Exit code 1 when an acknowledged
write was lost, a transaction was there by half, or an index disagreed with its documents; the data is then kept.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string', default: '24' },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const directory = mkdtempSync(join(tmpdir(), 'store-chaos-'));
  say(`Seed ${seed}`);
  const report = await runCampaign({
    dataDir: join(directory, 'data'),
    seed,
    rounds: Number(values.rounds),
    log: (line) => say(`${new Date().toISOString()} ${line}`),
  });
  const { sent, made } = report.unanswered;
  say(
    `\n${report.acknowledged} writes acknowledged, ${made} of ${sent} without an answer made, kills ${JSON.stringify(report.kills)}, seed ${seed}`,
  );
  if (report.faults.length > 0) {
    say(`${report.faults.length} faults; the data is in ${directory}\n${report.faults.join('\n')}`);
    return 1;
  }
  rmSync(directory, { recursive: true, force: true });
  say('Nothing lost, nothing by half.');
  return 0;
}

process.exitCode = await main();
