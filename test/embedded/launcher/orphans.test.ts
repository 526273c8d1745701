import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStack } from '../../../embedded/launcher/stack.js';
import { cleanUp, fakeEntries, isAlive, startFakes, temporaryFolder } from './support.js';
import { until } from '../../support/until.js';

interface Launched {
  pids: Record<string, number>;
  /** Resolves when the launcher itself is gone. */
  kill(): Promise<void>;
}

const launched: Launched[] = [];

const haveEnded = ({ pids }: Launched): boolean => !Object.values(pids).some(isAlive);

afterEach(async () => {
  for (const one of launched.splice(0)) {
    await one.kill();
    await until('its processes have ended', () => haveEnded(one));
  }
  await cleanUp();
});

/** A launcher in a process of its own, and the processes it started. */
async function launch(dataDir: string): Promise<Launched> {
  const launcher = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'run-fakes.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(launcher, 'exit');
  const [output] = (await once(launcher.stdout, 'data')) as [Buffer];
  const one: Launched = {
    pids: JSON.parse(output.toString()) as Record<string, number>,
    kill: async () => {
      launcher.kill('SIGKILL');
      await exited;
    },
  };
  launched.push(one);
  return one;
}

describe('a launcher that is killed', () => {
  it('takes its processes with it, suspended ones too, and the next one starts on the same data', async () => {
    const dataDir = temporaryFolder();
    const { pids, kill } = await launch(dataDir);
    expect(Object.values(pids).every(isAlive)).toBe(true);
    process.kill(pids['hub'] ?? 0, 'SIGSTOP');
    await kill();
    const next = await startFakes({ dataDir });
    expect(Object.values(pids).filter(isAlive)).toEqual([]);
    expect(next.pid('store')).not.toBe(pids['store']);
  });

  it('takes them even when nobody starts anew', async () => {
    const one = await launch(temporaryFolder());
    await one.kill();
    await until('its processes have ended', () => haveEnded(one));
  });
});

describe('one data folder', () => {
  it('is refused to a second launcher while the first one runs', async () => {
    const dataDir = temporaryFolder();
    const { pids } = await launch(dataDir);
    const refused = `Switchboard is already running on ${dataDir}. Stop it first, or choose another folder with --data <folder>.`;
    await expect(startStack({ dataDir, entries: fakeEntries })).rejects.toThrow(refused);
    await expect(startStack({ dataDir, entries: fakeEntries, fresh: true })).rejects.toThrow(refused);
    expect(Object.values(pids).every(isAlive)).toBe(true);
    expect(existsSync(join(dataDir, 'secrets.json'))).toBe(true);
  });

  it('is refused to a second start in the same process', async () => {
    const dataDir = temporaryFolder();
    await startFakes({ dataDir, sandbox: false, seed: false });
    await expect(startStack({ dataDir, entries: fakeEntries })).rejects.toThrow('already running');
  });

  it('is free again when another process has the number of the one that held it', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'launcher.lock'), JSON.stringify({ pid: process.pid, began: '1', children: [] }));
    await startFakes({ dataDir, sandbox: false, seed: false });
  });

  it('is not emptied when it was never ours', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'photos'));
    await expect(startStack({ dataDir: home, fresh: true, entries: fakeEntries })).rejects.toThrow('is not emptied');
    expect(existsSync(join(home, 'photos'))).toBe(true);
    expect(existsSync(join(home, 'launcher.lock'))).toBe(false);
  });
});
