import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStack } from '../../../embedded/launcher/stack.js';
import { cleanUp, fakeEntries, isAlive, startFakes, temporaryFolder, until } from './support.js';

jest.setTimeout(60_000);

const launchers: ChildProcess[] = [];
afterEach(async () => {
  for (const launcher of launchers.splice(0)) launcher.kill('SIGKILL');
  await cleanUp();
});

/** A launcher in a process of its own, and the processes it started. */
async function launch(dataDir: string): Promise<{ launcher: ChildProcess; pids: Record<string, number> }> {
  const launcher = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'run-fakes.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  launchers.push(launcher);
  const [output] = (await once(launcher.stdout ?? launcher, 'data')) as [Buffer];
  return { launcher, pids: JSON.parse(output.toString()) as Record<string, number> };
}

describe('a launcher that is killed', () => {
  it('takes its processes with it, suspended ones too, and the next one starts on the same data', async () => {
    const dataDir = temporaryFolder();
    const { launcher, pids } = await launch(dataDir);
    expect(Object.values(pids).every(isAlive)).toBe(true);
    process.kill(pids['hub'] ?? 0, 'SIGSTOP');
    launcher.kill('SIGKILL');
    const next = await startFakes({ dataDir });
    expect(Object.values(pids).filter(isAlive)).toEqual([]);
    expect(next.pid('store')).not.toBe(pids['store']);
  });

  it('takes them even when nobody starts anew', async () => {
    const { launcher, pids } = await launch(temporaryFolder());
    launcher.kill('SIGKILL');
    await until('all have ended', () => !Object.values(pids).some(isAlive));
  });
});

describe('one data folder', () => {
  it('is refused to a second launcher while the first one runs', async () => {
    const dataDir = temporaryFolder();
    const { launcher } = await launch(dataDir);
    const refused = `Switchboard is already running on ${dataDir}. Stop it first, or choose another folder with --data <folder>.`;
    await expect(startStack({ dataDir, entries: fakeEntries })).rejects.toThrow(refused);
    await expect(startStack({ dataDir, entries: fakeEntries, fresh: true })).rejects.toThrow(refused);
    expect(launcher.exitCode).toBeNull();
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
