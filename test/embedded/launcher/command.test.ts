import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkDemo } from '../../../embedded/launcher/check.js';
import { isPortFree, pickPort } from '../../../embedded/launcher/ports.js';
import { readJson } from '../../../embedded/launcher/private-file.js';
import { cleanUp, isAlive, startFakes, temporaryFolder } from './support.js';
import { until } from '../../support/until.js';

jest.setTimeout(120_000);

const MAIN = resolve(import.meta.dirname, '../../../embedded/launcher/main.ts');
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const command of running.splice(0)) {
    if (command.exitCode !== null || command.signalCode !== null) continue;
    command.kill('SIGKILL');
    await once(command, 'exit');
  }
  await cleanUp();
});

interface Run {
  command: ChildProcess;
  said: () => string;
  ended: Promise<number | null>;
}

/** The command as a person runs it, and all it has said so far. */
const run = (...args: string[]): Run => runWith({}, ...args);

function runWith(env: Record<string, string>, ...args: string[]): Run {
  const command = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  running.push(command);
  let text = '';
  for (const stream of [command.stdout, command.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(command, 'close').then(([code]) => code as number | null);
  return { command, said: () => text, ended };
}

describe('the command', () => {
  it('explains itself', async () => {
    const { said, ended } = run('--help');
    expect(await ended).toBe(0);
    expect(said()).toContain('--fresh            start over with an empty store');
  });

  it.each([
    [['--port', 'many'], '--port must be a port number.'],
    [['--colour'], "Unknown option '--colour'"],
    [['--check', '--no-seed'], '--check needs the demo company. Leave out --no-seed.'],
  ])('refuses %j in a sentence', async (args, sentence) => {
    const { said, ended } = run(...args);
    expect(await ended).toBe(1);
    expect(said()).toContain(sentence);
    expect(said()).not.toContain('    at ');
  });

  it('opens itself to the network only when told twice, and says what it means', async () => {
    const { said, ended } = runWith({ HOST: '0.0.0.0' });
    expect(await ended).toBe(1);
    expect(said()).toContain('HOST=0.0.0.0 opens the demo to your network. It shows its log-ins');
    expect(said()).toContain('add --public');
  });

  it('does not ask again once --public is given', async () => {
    const dataDir = temporaryFolder();
    await startFakes({ dataDir, sandbox: false, seed: false });
    const { said, ended } = runWith({ HOST: '0.0.0.0' }, '--public', '--data', dataDir);
    // It has come as far as finding the other one, which keeps it from opening anything here.
    expect([await ended, said()]).toEqual([1, expect.stringContaining(`already running on ${dataDir}`)]);
    expect(said()).not.toContain('opens the demo');
  });

  it('checks itself on both channels and leaves nothing behind', async () => {
    const temporary = temporaryFolder();
    const { said, ended } = runWith({ TMPDIR: temporary }, '--check');
    expect([await ended, said()]).toEqual([0, expect.stringContaining('The demo works.')]);
    expect(said()).toContain('✓ Website: the agent answered, and the visitor got it.');
    expect(said()).toContain("✓ Messenger: the agent answered, and it is on the person's phone.");
    // The loader of TypeScript keeps its cache there.
    expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
  });

  it('says in a sentence what its check waited for in vain', async () => {
    const urls = { hub: '', apis: ['http://127.0.0.1:1'], sandbox: null, mongodb: '', redis: '' };
    const users = [{ role: 'agent', email: 'a@b.c', password: 'p' }];
    const demo = { users, inboxes: [{ id: '1', channel: 'web', name: 'Shop', key: 'k' }] };
    await expect(checkDemo({ urls, demo }, () => undefined)).rejects.toThrow(
      'http://127.0.0.1:1/api/auth/login does not answer.',
    );
  });

  it('leaves a running one alone', async () => {
    const dataDir = temporaryFolder();
    await startFakes({ dataDir, sandbox: false, seed: false });
    const { said, ended } = run('--data', dataDir, '--port', String(await pickPort()), '--fresh');
    expect(await ended).toBe(1);
    expect(said()).toContain(`Switchboard is already running on ${dataDir}. Stop it first`);
    expect(said()).not.toContain('    at ');
  });

  it('runs the hub, says where it is, and stops all of it at Ctrl-C', async () => {
    const dataDir = temporaryFolder();
    const port = await pickPort();
    const { command, said, ended } = run('--data', dataDir, '--port', String(port), '--no-sandbox', '--no-seed');
    await until('it is ready', () => said().includes('Switchboard is ready') || command.exitCode !== null, 60_000);
    expect(said()).toContain(`http://127.0.0.1:${port}`);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect(readFileSync(join(dataDir, 'logs/hub.log'), 'utf8')).toMatch(
      new RegExp(`Open http://127.0.0.1:${port} and create the first admin with this set-up code: (\\w{4}-?){4}`),
    );
    const children = readJson<{ children: number[] }>(join(dataDir, 'launcher.lock'))?.children ?? [];
    expect(children).toHaveLength(3);

    command.kill('SIGINT');
    command.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(said()).toContain('Stopping …');
    expect(children.filter(isAlive)).toEqual([]);
    expect(await isPortFree(port)).toBe(true);
  });

  it('stops all of it when the npm that runs it is killed', async () => {
    const dataDir = temporaryFolder();
    const options = ['--data', dataDir, '--port', String(await pickPort()), '--no-sandbox', '--no-seed'];
    // npm runs a shell that runs the command; here a shell stands in for npm.
    const script = `/bin/sh -c '"$0" "$@"; :' "$0" "$@"; :`;
    const npm = spawn('/bin/sh', ['-c', script, process.execPath, '--import', 'tsx', MAIN, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'demo' },
    });
    running.push(npm);
    let said = '';
    npm.stdout.setEncoding('utf8').on('data', (part: string) => (said += part));
    await until('it is ready', () => said.includes('Switchboard is ready'), 60_000);
    const lock = join(dataDir, 'launcher.lock');
    const { pid, children } = readJson<{ pid: number; children: number[] }>(lock) ?? { pid: 0, children: [] };
    expect([pid, ...children].every(isAlive)).toBe(true);

    npm.kill('SIGKILL');
    await until('all of it has ended', () => ![pid, ...children].some(isAlive));
    expect(readJson(lock)).toBeNull();
  });
});
