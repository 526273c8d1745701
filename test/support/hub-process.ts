import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { jsonReadyLine } from '../../embedded/launcher/child.js';
import { setupCodeOf } from '../../src/utils/setup-code.js';
import { PAGES } from './messenger-hub.js';
import { CONNECTED, SETTINGS } from './start-hub.js';

const ROOT = join(import.meta.dirname, '../..');

/** A hub in a process of its own. */
export interface HubProcess {
  url: string;
  stop(): Promise<void>;
}

/**
 * @param settings environment variables that differ from the usual; the addresses of store and Redis among them.
 * @param killed kills it (SIGKILL) at any time; before it is ready, the start is rejected.
 */
export async function startHubProcess(settings: Record<string, string>, killed?: AbortSignal): Promise<HubProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', ...SETTINGS, ...CONNECTED, ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  killed?.addEventListener('abort', () => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const ready = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = jsonReadyLine(line);
      if (told !== null) resolve(Number(told['port']));
    });
  });
  const port = await Promise.race([ready, ended.then(() => Promise.reject(new Error('the hub ended at its start')))]);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Sets a new hub up and connects the Pages of the samples, over HTTP. */
export async function connectPagesOf(url: string): Promise<void> {
  const call = async (path: string, body: object, token?: string): Promise<{ data: { accessToken: string } }> => {
    const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/api${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...authorization },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as { data: { accessToken: string } };
  };
  const person = {
    code: setupCodeOf(SETTINGS.JWT_SECRET),
    name: 'Ada',
    email: 'ada@example.com',
    password: 'correct horse battery',
  };
  const { accessToken } = (await call('/setup', person)).data;
  for (const accountId of PAGES) {
    const name = `Page ${accountId.slice(-4)}`;
    await call('/inboxes', { channel: 'messenger', name, accountId, config: { accessToken: 'token' } }, accessToken);
  }
}
