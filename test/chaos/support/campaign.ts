import { findFaults, settle } from './checker.js';
import { CRASHES, crashAt, killAtRandom, KINDS, type Kill } from './killer.js';
import { createRandom, type Random } from './random.js';
import { startRig, type Rig } from './rig.js';

/** How much is sent and how often somebody dies. */
export interface CampaignOptions {
  /** Decides who dies when and in which threads is written. */
  seed: number;
  people: number;
  visitors: number;
  /** At least so many messages each way. */
  written: number;
  answered: number;
  /** Random kills of each kind. */
  killsPerKind: number;
  /** Told what happens. */
  log: (line: string) => void;
}

/** What came of it. */
export interface Report {
  /** Empty: nothing was lost, doubled, out of order, or left undone. */
  faults: string[];
  kills: Kill[];
  written: number;
  answered: number;
  /** Tries that were refused, by code. */
  refusals: Record<string, number>;
  seconds: { killing: number; settling: number };
}

/** Long enough that a kill finds a send under way. Milliseconds. */
const SENDS_TAKE = 800;

/** Sends both ways while every crash point is hit once and every kind of process is killed at random; then looks for faults. */
export async function runCampaign(options: CampaignOptions): Promise<Report> {
  const { log } = options;
  const random = createRandom(options.seed);
  const rig = await startRig({ people: options.people, visitors: options.visitors, log });
  try {
    await rig.sandbox.delaySends(SENDS_TAKE);
    const began = Date.now();
    const kills = await killAll(rig, options, random);
    await rig.load.accepted();
    const killed = Date.now();
    log('everything was accepted; waiting until nothing is owed');
    const owed = await settle(rig);
    const settled = Date.now();
    const faults = [...owed, ...(await findFaults(rig))];
    return {
      faults,
      kills,
      written: rig.load.written,
      answered: rig.load.answered,
      refusals: Object.fromEntries(rig.load.refusals),
      seconds: { killing: (killed - began) / 1_000, settling: (settled - killed) / 1_000 },
    };
  } finally {
    await rig.stop();
  }
}

/** Each crash point once, and the random kills among them, with a share of the load before each. */
async function killAll(rig: Rig, options: CampaignOptions, random: Random): Promise<Kill[]> {
  const rounds = random.shuffled([
    ...CRASHES.map((crash) => () => crashAt(rig, crash, random)),
    ...KINDS.flatMap((kind) =>
      Array.from({ length: options.killsPerKind }, () => () => killAtRandom(rig, kind, random)),
    ),
  ]);
  const kills: Kill[] = [];
  for (const [index, round] of rounds.entries()) {
    sendShare(rig, options, random, rounds.length - index);
    const kill = await round();
    options.log(`${index + 1}/${rounds.length}: ${kill.what}, ${kill.events} events and ${kill.sends} sends under way`);
    kills.push(kill);
  }
  return kills;
}

/** Half of what is written goes over each channel; threads are drawn by lot. */
function sendShare({ load }: Rig, { written, answered }: CampaignOptions, random: Random, roundsLeft: number): void {
  const share = (wanted: number, done: number): number => Math.ceil(Math.max(wanted - done, 0) / roundsLeft);
  for (let n = share(written, load.written); n > 0; n -= 1) {
    const channel = n % 2 === 0 ? 'web' : 'messenger';
    load.write(random.pick(load.threads.filter((thread) => thread.channel === channel)));
  }
  for (let n = share(answered, load.answered); n > 0; n -= 1) load.answer(random.pick(load.threads));
}

/** Kills of one kind, and how many of them found an event stored and not applied, and a send under way. */
export function witnessed(kills: readonly Kill[], kind: string): { kills: number; events: number; sends: number } {
  const own = kills.filter(({ what }) => what === kind);
  return {
    kills: own.length,
    events: own.filter(({ events }) => events > 0).length,
    sends: own.filter(({ sends }) => sends > 0).length,
  };
}
