import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { fetchFile } from '../../../src/utils/fetch-file.js';

let server: Server;
let url: string;
/** Settles when a dripping answer was given up by whoever asked. */
let givenUp: Promise<unknown>;

/** Sends a byte every few milliseconds, for ever: no pause is long enough to be called silence. */
function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('.'), 5);
  givenUp = once(response, 'close').then(() => clearInterval(timer));
}

beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === '/drip') return drip(response);
    if (request.url === '/to-drip') return void response.writeHead(302, { Location: '/drip' }).end();
    if (request.url === '/away') return void response.writeHead(302, { Location: 'http://127.0.0.1:1/x' }).end();
    response.end('fine');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const fetched = (path: string, limits: { maxBytes?: number; deadlineMs?: number } = {}): Promise<Buffer> =>
  fetchFile(axios.create(), `http://${url}${path}`, {
    allowedHosts: [url],
    maxBytes: 100_000,
    deadlineMs: 10_000,
    ...limits,
  });

describe('a file that is fetched', () => {
  it('comes whole', async () => {
    expect(String(await fetched('/fine'))).toBe('fine');
  });

  it.each(['/drip', '/to-drip'])('is given up at the deadline while it drips: %s', async (path) => {
    await expect(fetched(path, { deadlineMs: 100 })).rejects.toMatchObject({ name: 'FetchTooSlowError' });
    await givenUp;
  });

  it('is given up when it grows too large', async () => {
    await expect(fetched('/drip', { maxBytes: 3 })).rejects.toThrow('maxContentLength');
    await givenUp;
  });

  it('comes from no other host, redirected or not', async () => {
    await expect(fetched('/away')).rejects.toMatchObject({ name: 'FetchRefusedError' });
    const elsewhere = fetchFile(axios.create(), `http://${url}/fine`, {
      ...{ allowedHosts: ['fbcdn.net'], maxBytes: 100, deadlineMs: 1_000 },
    });
    await expect(elsewhere).rejects.toMatchObject({ name: 'FetchRefusedError' });
  });
});
