import { Child, ChildFailedError, type ChildSpec, type ReadyInfo } from './child.js';
import type { DataDir } from './data-dir.js';
import { startOrphanGuard } from './orphan-guard.js';

/** The processes of one stack. */
export interface Crew {
  /** Starts one; those of a higher tier are stopped first. @throws ChildFailedError */
  start(spec: ChildSpec, tier: number): Promise<ReadyInfo>;
  /** @throws TypeError when no process has this name. */
  get(name: string): Child;
  names(): string[];
  /** Stops them in order. Doing it again waits for the first time. */
  stop(): Promise<void>;
  /** Ends them all now. */
  forceStop(): void;
}

/** Keeps the orphan guard and the data folder's lock informed of who is running. */
export function createCrew(data: DataDir, log: (line: string) => void): Crew {
  const guard = startOrphanGuard();
  const members: { child: Child; tier: number }[] = [];
  let stopping: Promise<void> | null = null;

  const changed = (): void => {
    const pids = members.map(({ child }) => child.pid).filter((pid) => pid !== null);
    guard.watch(pids);
    data.noteChildren(pids);
  };
  const stopAll = async (): Promise<void> => {
    const tiers = [...new Set(members.map(({ tier }) => tier))].sort((a, b) => b - a);
    for (const tier of tiers)
      await Promise.all(members.filter((member) => member.tier === tier).map(({ child }) => child.stop()));
    guard.close();
  };

  return {
    start(spec, tier) {
      if (stopping !== null)
        return Promise.reject(new ChildFailedError(`${spec.name} is not started: we are stopping.`));
      const child = new Child(spec, { log, changed });
      members.push({ child, tier });
      return child.start();
    },
    get(name) {
      const found = members.find(({ child }) => child.name === name);
      if (found === undefined) throw new TypeError(`No process is called ${name}; there are ${namesOf(members)}.`);
      return found.child;
    },
    names: () => members.map(({ child }) => child.name),
    stop: () => (stopping ??= stopAll()),
    forceStop: () => members.forEach(({ child }) => child.forceStop()),
  };
}

const namesOf = (members: { child: Child }[]): string => members.map(({ child }) => child.name).join(', ');
