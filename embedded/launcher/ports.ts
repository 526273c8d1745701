import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './private-file.js';

/**
 * Below the range from which systems number outgoing connections: there, a client that keeps knocking at a port whose server is
 * being restarted can be given that very port, connects to itself and keeps the server from coming back.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** Whether somebody could listen on this port of 127.0.0.1 now. */
export const isPortFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A free port that is none of `taken`. @throws Error when there is none. */
export async function pickPort(taken: Set<number> = new Set()): Promise<number> {
  for (let n = 0; n < TRIES; n += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`No port between ${LOWEST} and ${HIGHEST} is free.`);
}

/** A function that gives each process its port: the one it had at the last start, if that is free, else a new one. */
export function keptPorts(dataDir: string): (name: string) => Promise<number> {
  const file = join(dataDir, 'ports.json');
  const ports = readJson<Record<string, number>>(file) ?? {};
  return async (name) => {
    const known = ports[name];
    if (known !== undefined && (await isPortFree(known))) return known;
    const port = await pickPort(new Set(Object.values(ports)));
    ports[name] = port;
    writePrivateJson(file, ports);
    return port;
  };
}
