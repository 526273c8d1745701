import { parseArgs } from 'node:util';
import { runCampaign, witnessed } from './support/campaign.js';
import { KINDS } from './support/killer.js';

const USAGE = `The kill test at full size: npm run chaos -- [--seed N] [--written N] [--answered N] [--kills N]
Every crash point is hit once and every kind of process killed --kills times (default 20) while --written (500) messages
come in and --answered (200) go out. Exit code 1 when anything was lost, doubled, out of order or left undone.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    written: { type: 'string', default: '500' },
    answered: { type: 'string', default: '200' },
    kills: { type: 'string', default: '20' },
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
  say(`Seed ${seed}`);
  const report = await runCampaign({
    seed,
    ...{ people: 10, visitors: 8, written: Number(values.written), answered: Number(values.answered) },
    killsPerKind: Number(values.kills),
    log: (line) => say(`${new Date().toISOString()} ${line}`),
  });
  const { faults, kills, seconds } = report;
  say(`\n${report.written} written, ${report.answered} answered, ${kills.length} kills, seed ${seed}`);
  for (const kind of KINDS) {
    const { kills: count, events, sends } = witnessed(kills, kind);
    say(`  ${kind}: ${count} random kills, ${events} with events and ${sends} with sends under way`);
  }
  say(`  refused tries: ${JSON.stringify(report.refusals)}`);
  say(`  killing took ${seconds.killing.toFixed(0)} s, settling ${seconds.settling.toFixed(0)} s`);
  say(faults.length === 0 ? 'Nothing lost, nothing doubled.' : `\n${faults.length} faults:\n${faults.join('\n')}`);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
